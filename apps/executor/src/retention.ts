import type { Parameters } from '@orderlines/persistence/postgres';
import { repeat, type Logger, type Repetition } from '@orderlines/service-host';
import type { Pool } from 'pg';
import { forgetLogs, forgetRuns } from './store/forgotten-runs.sql.js';

const EVERY_MS = 60_000;
/** When there is more to forget, the next round comes soon and leaves the database room between. */
const SOON_MS = 100;

/** Forgets ended runs and their logs as long after their end as the system parameters say. Every executor does it; they skip each other's. */
export class Retention {
  private repetition: Repetition | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly parameters: Pick<Parameters, 'get'>,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.repetition = repeat({
      everyMs: EVERY_MS,
      round: async () => ((await this.forget()) > 0 ? SOON_MS : undefined),
      failed: (error) => this.logger.warn({ err: error }, 'old runs could not be deleted; it is tried again'),
    });
  }

  async stop(): Promise<void> {
    await this.repetition?.stop();
  }

  /** One round; gives how many runs had something to forget. 0 as a parameter is for ever. */
  async forget(): Promise<number> {
    const [runsMs, logsMs] = [this.parameters.get('run_retention'), this.parameters.get('log_retention')];
    const runs = runsMs > 0 ? await forgetRuns(this.pool, runsMs) : 0;
    const logs = logsMs > 0 ? await forgetLogs(this.pool, logsMs) : 0;
    return runs + logs;
  }
}
