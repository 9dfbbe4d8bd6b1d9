import type { Socket } from 'node:net';
import { Client, type QueryResult, type QueryResultRow } from 'pg';
import { clientConfig } from '@orderlines/persistence/postgres';
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

/** Limits of a batch. */
const LIMITS = { lockTimeoutMs: 2_000, statementTimeoutMs: 5_000, idleInTransactionTimeoutMs: 5_000 } as const;
/**
 * Plans that find rows by primary key whatever the statistics say: a batch has at most 1,000 events, so a
 * nested loop over the key is right on empty and on huge tables alike.
 */
const PLANS = ['enable_seqscan=off', 'enable_hashjoin=off', 'enable_mergejoin=off', 'plan_cache_mode=force_generic_plan', 'jit=off'];

/** Settings of the batches' connection; the test of the plans uses the same. */
export const batchSessionSettings = (databaseUrl: string) => {
  const settings = clientConfig(databaseUrl, { name: 'orderlines-executor-batch', ...LIMITS });
  return { ...settings, pipeline: true, options: `${settings.options} ${PLANS.map((plan) => `-c ${plan}`).join(' ')}` };
};

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
    gatherStatements(this.client);
    return this.client.query<Row>({ name: statement.name, text: statement.text, values: [...values] });
  }

  /** Opens the transaction and tells its time: Postgres's `now()`, epoch milliseconds. */
  async begin(): Promise<number> {
    const [, clock] = await Promise.all([
      this.run({ name: 'begin', text: 'begin' }),
      this.run<{ now: number }>({ name: 'now', text: 'select floor(extract(epoch from now()) * 1000)::float8 as now' }),
    ]);
    return clock.rows[0]?.now ?? 0;
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

/** Statements of one turn of the event loop go out in one write: the driver writes each by itself. */
const gatherStatements = (client: Client): void => {
  // The driver keeps its socket there and does not declare it.
  const { stream } = (client as Client & { readonly connection: { readonly stream: Socket } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
};
