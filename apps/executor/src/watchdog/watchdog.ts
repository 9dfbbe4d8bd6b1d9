import { repeat, type Logger, type Repetition } from '@orderlines/service-host';
import type { Pool } from 'pg';
import { readUnexplained } from './unexplained.sql.js';

const LOOK_EVERY_MS = 30_000;

/** What the watchdog tells its surroundings. */
export interface WatchdogSurroundings {
  /** Counts what was found. */
  found(count: number): void;
  /** Publishes again whatever rows say and messages have lost. */
  sweep(): void;
}

/** Looks over and over for active rows that neither move nor say what they wait for: there are none unless something is broken. */
export class Watchdog {
  private repetition: Repetition | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly surroundings: WatchdogSurroundings,
    private readonly logger: Logger,
    private readonly everyMs: number = LOOK_EVERY_MS,
  ) {}

  start(): void {
    this.repetition = repeat({
      everyMs: this.everyMs,
      round: () => this.look(),
      failed: (error) => this.logger.warn({ err: error }, 'could not look for rows that do not move'),
    });
  }

  async stop(): Promise<void> {
    await this.repetition?.stop();
  }

  /** Looks once. */
  async look(): Promise<void> {
    const unexplained = await readUnexplained(this.pool);
    if (unexplained.length === 0) return;
    this.surroundings.found(unexplained.length);
    this.logger.error({ unexplained }, `${unexplained.length} active rows neither move nor say what they wait for`);
    this.surroundings.sweep();
  }
}
