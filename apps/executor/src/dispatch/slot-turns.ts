import { RUNS, type Publisher, type SlotMessage } from '@orderlines/messaging';
import { judgeSlot } from '@orderlines/process-engine';
import { describeError, type Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { CommittedRun } from '../instance/instance-runner.js';
import { readNextRuns, readWaitedForKeys, type RunWithSlot, type SlotKey } from '../store/slots.sql.js';
import type { OutboxPredicate } from './sweeper.js';

/**
 * `slot`: a run waits under a key and can have its slot, or some run has to end for another one's sake. Tells those runs through RUNS;
 * what becomes of them is decided again, under the lock of the key.
 */
export class SlotTurns implements OutboxPredicate {
  readonly name = 'slot';

  constructor(
    private readonly pool: Pool,
    private readonly publisher: Publisher,
    private readonly logger: Logger,
  ) {}

  /** Looks after the keys under which a commit has changed something; resolves when NATS has what follows. */
  async committed(runs: readonly CommittedRun[]): Promise<void> {
    const keys = new Map(runs.flatMap(keyOf).map((key) => [`${key.namespace} ${key.key}`, key]));
    if (keys.size === 0) return;
    try {
      await this.look([...keys.values()]);
    } catch (error) {
      this.logger.warn({ err: error }, 'could not look after concurrency keys; the sweeper will');
    }
  }

  async repeat(): Promise<void> {
    const keys = await readWaitedForKeys(this.pool);
    if (keys.length > 0) await this.look(keys);
  }

  private async look(keys: readonly SlotKey[]): Promise<void> {
    const runs = await readNextRuns(this.pool, keys);
    const byKey = Map.groupBy(runs, ({ namespace, key }) => `${namespace} ${key}`);
    const told = [...byKey.values()].flatMap((others) => others.filter(({ id, isParked }) => !isParked && judgeSlot(others, id) !== null));
    await Promise.all(told.map((run) => this.tell(run)));
  }

  private async tell({ id, seq }: RunWithSlot): Promise<void> {
    const payload: SlotMessage = { format: 1 };
    try {
      await this.publisher.publishOnce({ subject: RUNS.slot(id, seq), payload });
    } catch (error) {
      this.logger.warn({ instanceId: id, error: describeError(error) }, 'a run could not be told of its turn; the sweeper will');
    }
  }
}

/** A run that has come to its key, has begun, or has left. */
const keyOf = ({ run: { identity, before, run } }: CommittedRun): SlotKey[] => {
  if (!run?.slot || before?.phase === run.phase) return [];
  const moved = before === null || before.phase === 'queued' || run.phase === 'queued' || run.phase === 'done';
  return moved ? [{ namespace: identity.namespace, key: run.slot.key }] : [];
};
