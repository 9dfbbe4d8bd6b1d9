/** What needs no TypeORM: a service that writes its SQL itself starts without loading it. */
export { clientConfig, DEFAULT_TIMEOUTS, type ConnectionSettings } from './connection-settings.js';
export { createPool } from './pool.js';
export { ensurePartitions } from './partitions.js';
export * from './services/service-node.js';
