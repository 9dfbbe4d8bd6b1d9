import { ensurePartitions } from '@orderlines/persistence/postgres';
import { repeat, type Logger, type Repetition } from '@orderlines/service-host';
import type { Pool } from 'pg';
import { removeUnnamedValues } from './store/unnamed-values.sql.js';
import { forgetSignals } from './store/signals.sql.js';

const EVERY_MS = 6 * 3_600_000;
/** Answers of operations are kept longer than anyone repeats a request. */
const OPERATIONS_DAYS = 7;

/** What a long-lived installation needs now and then: partitions for the months to come, old answers and large values that nobody names forgotten. */
export class Housekeeping {
  private repetition: Repetition | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.repetition = repeat({
      everyMs: EVERY_MS,
      round: () => this.keepHouse(),
      failed: (error) => this.logger.warn({ err: error }, 'housekeeping failed; it is tried again later'),
      atOnce: true,
    });
  }

  async stop(): Promise<void> {
    await this.repetition?.stop();
  }

  /** One round. */
  async keepHouse(): Promise<void> {
    await ensurePartitions(this.pool);
    await this.pool.query(`delete from runtime.operation where created_at < now() - make_interval(days => $1)`, [OPERATIONS_DAYS]);
    await removeUnnamedValues(this.pool);
    await forgetSignals(this.pool, OPERATIONS_DAYS);
  }
}
