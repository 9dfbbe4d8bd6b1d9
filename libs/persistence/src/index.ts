export { createDataSource, dataSourceOptions } from './data-source.js';
export { clientConfig, DEFAULT_TIMEOUTS, type ConnectionSettings } from './connection-settings.js';
export { createPool } from './pool.js';
export { runMigrations } from './migrations/run-migrations.js';
export { ensurePartitions } from './partitions.js';
export * from './entities/index.js';
