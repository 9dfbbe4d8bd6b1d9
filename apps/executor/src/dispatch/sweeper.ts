import { pause, type Logger } from '@orderlines/service-host';

/** Something a row says has to be published, and the way to publish it again: one entry of the table of predicates. */
export interface OutboxPredicate {
  readonly name: string;
  /** Publishes what a row says is not done yet; harmless when it was done. */
  repeat(): Promise<void>;
}

/** Asks every predicate over and over, so that nothing a commit promised is lost with the executor that committed it. */
export class Sweeper {
  private readonly stopping = new AbortController();
  private sleep = new AbortController();
  private loop: Promise<void> | undefined;

  constructor(
    private readonly predicates: readonly OutboxPredicate[],
    private readonly everyMs: number,
    /** False while nothing could be published or read. */
    private readonly able: () => boolean,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  /** Sweeps at once. */
  wake(): void {
    this.sleep.abort();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.sleep.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.sleep = new AbortController();
      await pause(this.everyMs, this.sleep.signal);
      if (this.stopping.signal.aborted || !this.able()) continue;
      for (const predicate of this.predicates) await this.sweep(predicate);
    }
  }

  private async sweep(predicate: OutboxPredicate): Promise<void> {
    try {
      await predicate.repeat();
    } catch (error) {
      this.logger.warn({ err: error, predicate: predicate.name }, `could not sweep for ${predicate.name}`);
    }
  }
}
