import { describeError, type Logger } from '@orderlines/service-host';
import type { BatchItem } from '../instance/batch-item.js';
import type { MetSignal } from '../store/signals.sql.js';

/**
 * Tells runs which signal is theirs: an event of its own, after the commit in which signal and wait met, since that transaction
 * does not hold the receiver's lock. What a crash prevents, the sweeper repeats from the rows.
 */
export class SignalDelivery {
  private readonly underway = new Set<string>();

  constructor(
    private readonly submit: (item: BatchItem) => void,
    private readonly logger: Logger,
  ) {}

  /** Submits the events; those that are on their way already are not submitted again. */
  deliver(met: readonly MetSignal[]): void {
    for (const { instanceId, taskInstanceId, attempt, signalId, payload } of met) {
      const way = `${signalId} ${taskInstanceId} ${attempt}`;
      if (this.underway.has(way)) continue;
      this.underway.add(way);
      this.submit({
        kind: 'event',
        instanceId,
        event: { kind: 'signal', taskInstanceId, attempt, signalId, payload },
        bytes: JSON.stringify(payload).length,
        alone: false,
        waitsUntil: null,
        settle: (outcome) => {
          this.underway.delete(way);
          if (outcome.kind === 'failed')
            this.logger.error({ signalId, instanceId, error: describeError(outcome.error) }, 'a signal could not be given to its run');
        },
      });
    }
  }
}
