import { sqlStateOf } from '@orderlines/persistence';
import { EntityMetadataNotFoundError } from 'typeorm';

/**
 * Postgres's classes for "not now": connection, a transaction that was rolled back for the sake of another (deadlock, serialization), resources, operator
 * intervention, a lock or statement that took too long.
 */
const AWAY_CLASSES = ['08', '40', '53', '57'];
const AWAY_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', '55P03'];
/** What node-postgres and TypeORM say without a code. */
const AWAY_TEXTS =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout|DataSource is not initialized|Driver not Connected|not established|Cannot use a pool after calling end/i;

/** True for errors that pass when Postgres is back: the request may be made again. */
export const isStoreAway = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false;
  const code = 'code' in error ? String(error.code) : '';
  const state = sqlStateOf(error) ?? '';
  if (AWAY_CODES.includes(code) || AWAY_CODES.includes(state) || AWAY_CLASSES.includes(state.slice(0, 2))) return true;
  // Before its first connection a data source knows no tables.
  if (error instanceof EntityMetadataNotFoundError) return true;
  if ('message' in error && AWAY_TEXTS.test(String(error.message))) return true;
  const errors = 'errors' in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : [];
  const causes = ['cause' in error ? error.cause : undefined, 'driverError' in error ? error.driverError : undefined, ...errors];
  return causes.some((cause) => cause !== error && isStoreAway(cause));
};
