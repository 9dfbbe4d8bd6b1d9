export { StoreError, type StoreErrorCode } from './store-error.js';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './postgres/embedded-postgres.js';
export { startNatsServer, type NatsServer, type NatsServerOptions } from './nats/nats-server.js';
export type { ServerExit } from './process/supervised-server.js';
