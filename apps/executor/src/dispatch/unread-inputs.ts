import type { ResultsInput } from '../inputs/results.input.js';
import type { StreamDepths } from './stream-depths.js';
import type { OutboxPredicate } from './sweeper.js';

/**
 * `inputs`: RUNS or its durable has gone without a word to the request that waits on it (seen when the stream is deleted
 * just then): it is made and read again now, not when the request's time is over.
 */
export class UnreadInputs implements OutboxPredicate {
  readonly name = 'inputs';

  constructor(
    private readonly depths: StreamDepths,
    private readonly results: ResultsInput,
  ) {}

  async repeat(): Promise<void> {
    if (await this.depths.inputsCanBeRead()) return;
    await this.results.stop();
    this.results.start();
  }
}
