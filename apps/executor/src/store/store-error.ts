import { OrderlinesError } from '@orderlines/service-host';

/** What to do with a batch that Postgres did not take. */
export type StoreTrouble =
  /** Deadlock, serialization, lock or statement time-out: the same batch again. */
  | 'repeat'
  /** No connection, or a database that is not fit for us: blames no event, nothing can be done until it is mended. */
  | 'away'
  /** Some row of it cannot be stored: find out which. */
  | 'data';

const REPEATED = new Set(['40P01', '40001', '55P03', '57014', '25P02', '23505']);

/** Thrown when the store has no connection, or a `COMMIT` turned out to be a rollback. */
export class StoreError extends OrderlinesError {
  constructor(
    readonly trouble: StoreTrouble,
    message: string,
    options?: ErrorOptions,
  ) {
    super('store.unavailable', message, 503, options);
  }
}

/** Sorts an error of a batch: by what it says, since errors of the driver and of sockets need not be of this realm's `Error`. */
export const troubleOf = (error: unknown): StoreTrouble => {
  if (error instanceof StoreError) return error.trouble;
  const { code = '', message = '' } = typeof error === 'object' && error !== null ? (error as { code?: unknown; message?: unknown }) : {};
  if (REPEATED.has(String(code))) return 'repeat';
  // 22 data exception, 23 integrity, 54 program limit (nesting too deep for jsonb)
  if (/^(22|23|54)[0-9A-Z]{3}$/.test(String(code))) return 'data';
  // Another SQLSTATE, or an error of the socket: the database, not the event
  if (/^[0-9A-Z]{5}$|^E[A-Z]+$/.test(String(code))) return 'away';
  return /connection|not queryable|timeout|client was closed/i.test(String(message)) ? 'away' : 'data';
};
