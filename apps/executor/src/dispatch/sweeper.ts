import { repeat, type Logger, type Repetition } from '@orderlines/service-host';

/** Something a row says has to be published, and the way to publish it again: one entry of the table of predicates. */
export interface OutboxPredicate {
  readonly name: string;
  /** Publishes what a row says is not done yet; harmless when it was done. */
  repeat(): Promise<void>;
}

/** Asks every predicate over and over, so that nothing a commit promised is lost with the executor that committed it. */
export class Sweeper {
  private repetition: Repetition | undefined;

  constructor(
    private readonly predicates: readonly OutboxPredicate[],
    private readonly everyMs: number,
    /** False while nothing could be published or read. */
    private readonly able: () => boolean,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.repetition = repeat({
      everyMs: this.everyMs,
      round: () => this.sweepAll(),
      failed: (error) => this.logger.warn({ err: error }, 'could not sweep'),
    });
  }

  /** Sweeps at once. */
  wake(): void {
    this.repetition?.wake();
  }

  async stop(): Promise<void> {
    await this.repetition?.stop();
  }

  private async sweepAll(): Promise<void> {
    if (!this.able()) return;
    for (const predicate of this.predicates) await this.sweep(predicate);
  }

  private async sweep(predicate: OutboxPredicate): Promise<void> {
    try {
      await predicate.repeat();
    } catch (error) {
      this.logger.warn({ err: error, predicate: predicate.name }, `could not sweep for ${predicate.name}`);
    }
  }
}
