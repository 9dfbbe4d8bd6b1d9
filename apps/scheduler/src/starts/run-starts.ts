import { ExecutorRefused, type ExecutorClient } from '@orderlines/rpc';
import type { Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { Clock } from '../clock.js';
import type { SchedulerMetrics } from '../metrics.js';
import { startObstacle } from './start-obstacle.js';
import { postponeStarts, settleStarts, takeStarts, type SettledStart, type SlotToStart } from './starts.sql.js';

/** Starts that are under way at once. */
const AT_ONCE = 200;
/** While no executor is there a start is tried again after this. */
const AGAIN_MS = 5_000;
/** An executor knows a start that it has made for seven days; long before, a slot whose run cannot be started is given up. */
const GIVE_UP_MS = 86_400_000;

/** The key of a slot's start: whoever repeats it, the slot has one run. */
export const startKeyOf = (scheduleId: string, series: string, slotAt: Date): string =>
  `schedule:${scheduleId}:${series}:${slotAt.toISOString()}`;

/** Starts the runs of slots. A slot is held while its run is being started; one whose holder died is taken up by another scheduler. */
export class RunStarts {
  constructor(
    private readonly pool: Pool,
    private readonly executor: ExecutorClient,
    private readonly leaseMs: number,
    private readonly clock: Clock,
    private readonly metrics: SchedulerMetrics,
    private readonly logger: Logger,
  ) {}

  /** Starts what is to be started and nobody holds; gives whether there may be more. */
  async startAll(): Promise<boolean> {
    const slots = await takeStarts(this.pool, this.clock.now(), this.leaseMs, AT_ONCE);
    if (slots.length === 0) return false;
    const outcomes = await Promise.all(slots.map(async (slot) => ({ slot, settled: await this.start(slot) })));
    const settled = outcomes.flatMap((outcome) => outcome.settled ?? []);
    const later = outcomes.filter((outcome) => outcome.settled === null).map(({ slot }) => slot.id);
    const now = this.clock.now();
    if (settled.length > 0) await settleStarts(this.pool, settled, now);
    if (later.length > 0) await postponeStarts(this.pool, later, now + AGAIN_MS);
    return slots.length === AT_ONCE;
  }

  /** What became of a start; null: it is to be tried again. */
  private async start(slot: SlotToStart): Promise<SettledStart | null> {
    const obstacle = startObstacle(slot);
    if (obstacle !== null) return this.refused(slot, ...obstacle);
    try {
      const { instanceId } = await this.executor.startInstance({
        processVersionId: slot.versionId ?? '',
        paramsJson: JSON.stringify(slot.params ?? {}),
        actor: `schedule:${slot.namespace}/${slot.name}`,
        origin: originOf(slot.series),
        idempotencyKey: startKeyOf(slot.scheduleId, slot.series, slot.slotAt),
        logicalTime: slot.slotAt.getTime(),
      });
      this.metrics.became('running');
      if (slot.series === 'schedule') this.metrics.started(this.clock.now() - slot.dueAt.getTime());
      return { id: slot.id, instanceId, reason: null, message: null };
    } catch (error) {
      if (!(error instanceof ExecutorRefused)) throw error;
      if (error.status < 500) return this.refused(slot, error.code, error.message);
      this.logger.warn({ err: error, slot: slot.id }, 'a run could not be started now');
      if (this.clock.now() - slot.dueAt.getTime() < GIVE_UP_MS) return null;
      return this.refused(slot, error.code, `It could not be started for a day: ${error.message}`);
    }
  }

  private refused({ id }: SlotToStart, reason: string, message: string): SettledStart {
    this.metrics.became('refused');
    return { id, instanceId: null, reason, message };
  }
}

const originOf = (series: string): 'schedule' | 'backfill' | 'manual' => {
  const [kind] = series.split(':');
  return kind === 'backfill' || kind === 'manual' ? kind : 'schedule';
};
