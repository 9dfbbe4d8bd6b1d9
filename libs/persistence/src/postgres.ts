/** What needs no TypeORM: a service that writes its SQL itself starts without loading it. */
export { clientConfig, DEFAULT_TIMEOUTS, type ConnectionSettings } from './connection-settings.js';
export { createPool } from './pool.js';
export { ensurePartitions } from './partitions.js';
export * from './access/secrets.js';
export { findVersionToRun, type VersionToRun } from './definitions/version-to-run.js';
export * from './services/service-node.js';
export { readVariables } from './definitions/namespace-variables.js';
export { inTransaction } from './in-transaction.js';
export { Parameters } from './parameters/parameters.js';
export {
  audit,
  currentOrigin,
  INSERT_AUDIT_RECORDS,
  storedAuditRow,
  type AuditEntry,
  type AuditOrigin,
  type AuditSession,
  type AuditSubject,
} from './audit/audit-record.js';
export { excerptOf } from './triggers/excerpt.js';
