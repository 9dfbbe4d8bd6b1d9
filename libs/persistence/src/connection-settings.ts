/** What every connection of the platform says to the server; times in milliseconds. */
export interface ConnectionSettings {
  /** Shown in `pg_stat_activity`. */
  readonly name: string;
  /** Largest number of connections. */
  readonly max?: number;
  readonly lockTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  /** A frozen client inside a transaction loses its connection, and so its locks, after this. */
  readonly idleInTransactionTimeoutMs?: number;
}

/** Settings of a connection that answers people: a statement that takes longer is a mistake. */
export const DEFAULT_TIMEOUTS = { lockTimeoutMs: 2_000, statementTimeoutMs: 30_000, idleInTransactionTimeoutMs: 5_000 } as const;

/** The settings as node-postgres takes them. */
export const clientConfig = (url: string, settings: ConnectionSettings) => {
  const timeouts = { ...DEFAULT_TIMEOUTS, ...settings };
  return {
    connectionString: url,
    application_name: settings.name,
    lock_timeout: timeouts.lockTimeoutMs,
    statement_timeout: timeouts.statementTimeoutMs,
    idle_in_transaction_session_timeout: timeouts.idleInTransactionTimeoutMs,
    // The server may be gone without a word: the client gives up a little after the server would have.
    query_timeout: timeouts.statementTimeoutMs + 2_000,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    // And the server notices a client that is gone, which frees its locks. Text formats are what the code reads.
    options: '-c tcp_user_timeout=5000 -c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601',
  };
};
