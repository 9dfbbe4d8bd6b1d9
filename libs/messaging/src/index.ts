export { connectNats, inboxPrefixOf, leaveNats, watchConnection, type NatsOptions } from './connection.js';
export { natsUrlOf, natsVariables } from './nats-environment.js';
export { MessagingError, type MessagingErrorCode } from './messaging-error.js';
export { Publisher, type OutgoingMessage, type PublisherOptions } from './publisher.js';
export type { Stored } from './store-answer.js';
export { WorkMessage } from './pull/work-message.js';
export { WorkQueueReader, type WorkQueueReaderOptions } from './pull/work-queue-reader.js';
export { decodePayload, encodePayload, MAX_MESSAGE_BYTES, type Decoded } from './payload/payload.js';
export { NatsUser, natsUserName, rightsOf, type NatsRights } from './access/nats-users.js';
export { renderServerConfig, type NatsLogin } from './access/server-config.js';
export { SubjectToken } from './payload/foreign-json.js';
export {
  ensureEventsConsumer,
  ensureLogsConsumer,
  ensureQueueConsumer,
  ensureRunsConsumer,
  ensureStreams,
  ensureWorkerConsumer,
  removeEventsConsumer,
  STREAMS,
} from './streams/ensure.js';
export * from './streams/tasks.stream.js';
export * from './streams/runs.stream.js';
export * from './streams/logs.stream.js';
export * from './streams/events.stream.js';
export * from './subjects/claims.subject.js';
export * from './subjects/reports.subject.js';
export * from './subjects/workers.subject.js';
export * from './subjects/live.subject.js';
export * from './subjects/values.subject.js';
export { ValueTransfer, type ContentName, type ReadPiece, type ValueHolder } from './values/value-transfer.js';
