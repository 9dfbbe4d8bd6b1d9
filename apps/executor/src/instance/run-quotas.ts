import { OrderlinesError, repeat, type Logger, type Repetition } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { BatchQueries } from '../store/batch-session.js';
import { lockFreeRuns } from '../store/run-quotas.sql.js';
import type { StartItem } from './batch-item.js';

/** How often it is looked which namespaces have a quota: a new one holds within so long, a changed one at once. */
const LOOK_MS = 2_000;

/** A run that its namespace has no room for. */
export class RunQuotaReached extends OrderlinesError {
  constructor(namespace: string) {
    const what = `The namespace ${namespace} has as many unfinished runs as it may`;
    super('namespace.quota', `${what}: wait for one to end, stop one, or have its quota raised.`, 409);
  }
}

/** Quotas of unfinished runs. Namespaces without one cost a start nothing. */
export class RunQuotas {
  private limited: ReadonlySet<string> = new Set();
  private repetition: Repetition | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly logger: Logger,
  ) {}

  /** Looks now, if Postgres answers, and again and again from then on. */
  async start(): Promise<void> {
    await this.look().catch((error: unknown) => this.failed(error));
    this.repetition = repeat({ everyMs: LOOK_MS, round: () => this.look(), failed: (error) => this.failed(error) });
  }

  /** Looks no more. */
  async stop(): Promise<void> {
    await this.repetition?.stop();
  }

  /** Those of the starts that there is no room for. A run that another one starts is never among them: its parent could not end. */
  async refused(queries: BatchQueries, starts: readonly StartItem[]): Promise<ReadonlySet<StartItem>> {
    const concerned = starts.filter(({ request: { version, parent } }) => parent === null && this.limited.has(version.namespace));
    if (concerned.length === 0) return new Set();
    const namespaces = [...new Set(concerned.map(({ request }) => request.version.namespace))];
    const free = await lockFreeRuns(queries, namespaces);
    return new Set(
      concerned.filter(({ request: { version } }) => {
        const left = free.get(version.namespace);
        if (left !== undefined) free.set(version.namespace, left - 1);
        return left !== undefined && left <= 0;
      }),
    );
  }

  private async look(): Promise<void> {
    const { rows } = await this.pool.query<{ name: string }>(
      'select name from access.namespace where max_unfinished_runs is not null limit 10000',
    );
    this.limited = new Set(rows.map(({ name }) => name));
  }

  private failed(error: unknown): void {
    this.logger.warn({ err: error }, 'could not look which namespaces have quotas; those of before hold');
  }
}
