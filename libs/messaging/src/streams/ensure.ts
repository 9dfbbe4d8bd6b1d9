import { JetStreamApiError, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { errors, type NatsConnection } from '@nats-io/transport-node';
import { MessagingError } from '../messaging-error.js';
import { EVENTS, EVENTS_CONFIG, eventsConsumer } from './events.stream.js';
import { LOGS, LOGS_CONFIG, LOGS_CONSUMER } from './logs.stream.js';
import { RUNS, RUNS_CONFIG, RUNS_CONSUMER } from './runs.stream.js';
import type { ConsumerSettings, StreamSettings } from './stream-config.js';
import { TASKS, TASKS_CONFIG, queueConsumer, workerConsumer } from './tasks.stream.js';

/** Every stream of the platform. */
export const STREAMS: readonly StreamSettings[] = [TASKS_CONFIG, RUNS_CONFIG, LOGS_CONFIG, EVENTS_CONFIG];

/** The server has a stream or consumer of that name with other settings. */
const EXISTS = new Set([10058, 10013, 10148]);

const manage = async <T>(connection: NatsConnection, what: string, use: (manager: JetStreamManager) => Promise<T>): Promise<T> => {
  try {
    return await use(await jetstreamManager(connection, { checkAPI: false, timeout: 5_000 }));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new MessagingError(isMissing(error) ? 'nats.missing' : 'nats.failed', `NATS did not make ${what}: ${detail}`, { cause: error });
  }
};

const isMissing = (error: unknown) =>
  (error instanceof JetStreamApiError && error.code === 10059) || (error instanceof errors.RequestError && error.isNoResponders());

/** Makes the streams that are not there, and brings the settings of the others up to date. Any number of services may do it at once. */
export const ensureStreams = (connection: NatsConnection): Promise<void> =>
  manage(connection, 'the streams', async ({ streams }) => {
    for (const config of STREAMS) {
      try {
        // The server answers this with success when the stream is there with just these settings.
        await streams.add({ ...config });
      } catch (error) {
        if (!(error instanceof JetStreamApiError && EXISTS.has(error.code))) throw error;
        await streams.update(config.name, { ...config });
      }
    }
  });

const ensureConsumer = (connection: NatsConnection, stream: string, config: ConsumerSettings): Promise<void> =>
  manage(connection, `the consumer ${config.durable_name} of ${stream}`, async ({ consumers }) => {
    // Adding a durable that is there updates it.
    await consumers.add(stream, { ...config });
  });

/** Makes the durable of a queue; throws `nats.missing` when the stream is not there. */
export const ensureQueueConsumer = (connection: NatsConnection, queue: string): Promise<void> =>
  ensureConsumer(connection, TASKS.name, queueConsumer(queue));

/** Makes the durable of one worker in a queue (`workspace: run`); throws `nats.missing` when the stream is not there. */
export const ensureWorkerConsumer = (connection: NatsConnection, queue: string, worker: string): Promise<void> =>
  ensureConsumer(connection, TASKS.name, workerConsumer(queue, worker));

/** Makes the durable that all executors read; throws `nats.missing` when the stream is not there. */
export const ensureRunsConsumer = (connection: NatsConnection): Promise<void> => ensureConsumer(connection, RUNS.name, RUNS_CONSUMER);

/** Makes the durable that all log sinks read; throws `nats.missing` when the stream is not there. */
export const ensureLogsConsumer = (connection: NatsConnection): Promise<void> => ensureConsumer(connection, LOGS.name, LOGS_CONSUMER);

const CONSUMER_MISSING = 10014;

/** Makes the durable of all schedulers, unless it is there: it goes on where they are. Throws `nats.missing` when the stream is not there. */
export const ensureEventsConsumer = (connection: NatsConnection, from: Date): Promise<void> =>
  manage(connection, `the consumer ${EVENTS.durable} of ${EVENTS.name}`, async ({ consumers }) => {
    try {
      await consumers.info(EVENTS.name, EVENTS.durable);
    } catch (error) {
      if (!(error instanceof JetStreamApiError && error.code === CONSUMER_MISSING)) throw error;
      await consumers.add(EVENTS.name, { ...eventsConsumer(from) });
    }
  });

/** Removes it: nobody hears events any more, and whoever begins to does not hear what happened until then. */
export const removeEventsConsumer = (connection: NatsConnection): Promise<void> =>
  manage(connection, `the consumer ${EVENTS.durable} of ${EVENTS.name}`, async ({ consumers }) => {
    try {
      await consumers.delete(EVENTS.name, EVENTS.durable);
    } catch (error) {
      if (!(error instanceof JetStreamApiError && (error.code === CONSUMER_MISSING || error.code === 10059))) throw error;
    }
  });
