import { Client, type QueryResult, type QueryResultRow } from 'pg';
import type { Logger } from '@orderlines/service-host';
import { StoreError } from './store-error.js';

/** A named statement: prepared once a connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Runs statements of the batch's transaction; they are sent at once and answered in order. */
export interface BatchQueries {
  run<Row extends QueryResultRow>(statement: Statement, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

/**
 * Limits of a batch (durability 5), and plans that find rows by primary key whatever the statistics say (durability 26):
 * a batch has at most 1,000 rows, so a nested loop over the key is right on empty and on huge tables alike.
 */
const OPTIONS = [
  'lock_timeout=2000',
  'statement_timeout=5000',
  'idle_in_transaction_session_timeout=5000',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'plan_cache_mode=force_generic_plan',
  'jit=off',
];
/** Above every limit of the server: the connection itself is dead. */
const ANSWER_LIMIT_MS = 7_000;

/** Settings of the batches' connection; the test of the plans uses the same. */
export const batchSessionSettings = (databaseUrl: string) => ({
  connectionString: databaseUrl,
  application_name: 'orderlines-executor-batch',
  options: OPTIONS.map((option) => `-c ${option}`).join(' '),
  connectionTimeoutMillis: 5_000,
  query_timeout: ANSWER_LIMIT_MS,
  keepAlive: true,
  pipeline: true,
});

/** The one connection that batches write through; lost ones are replaced on the next use. */
export class BatchSession implements BatchQueries {
  private client: Client | undefined;

  constructor(
    private readonly databaseUrl: string,
    private readonly logger: Logger,
  ) {}

  /** Opens the connection where there is none. */
  async connect(): Promise<void> {
    if (this.client !== undefined) return;
    const client = new Client(batchSessionSettings(this.databaseUrl));
    client.on('error', (error) => {
      if (this.client === client) this.client = undefined;
      this.logger.warn({ err: error }, 'lost the connection of the batches');
    });
    client.on('end', () => {
      if (this.client === client) this.client = undefined;
    });
    await client.connect();
    this.client = client;
  }

  run<Row extends QueryResultRow>(statement: Statement, values: readonly unknown[] = []): Promise<QueryResult<Row>> {
    if (this.client === undefined) return Promise.reject(new StoreError('away', 'There is no connection to Postgres'));
    return this.client.query<Row>({ name: statement.name, text: statement.text, values: [...values] });
  }

  /** Commits; a `COMMIT` behind a failed statement answers `ROLLBACK` without an error. */
  async commit(): Promise<void> {
    const { command } = await this.run({ name: 'commit', text: 'commit' });
    if (command !== 'COMMIT') throw new StoreError('repeat', `Postgres answered ${command} to a COMMIT`);
  }

  /** Gives the transaction up; a connection that cannot do so is thrown away. */
  async rollback(): Promise<void> {
    try {
      await this.run({ name: 'rollback', text: 'rollback' });
    } catch {
      await this.close();
    }
  }

  async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}
