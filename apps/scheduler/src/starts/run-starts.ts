import type { ExecutorClient } from '@orderlines/rpc';
import type { Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { Clock } from '../clock.js';
import type { SchedulerMetrics } from '../metrics.js';
import { attemptAll, attemptStart, START_AGAIN_MS, STARTS_AT_ONCE, type SettledStart } from './start-attempt.js';
import { postponeStarts, settleStarts, takeStarts, type SlotToStart } from './starts.sql.js';

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
    const slots = await takeStarts(this.pool, this.clock.now(), this.leaseMs, STARTS_AT_ONCE);
    if (slots.length === 0) return false;
    const { settled, later } = await attemptAll(slots, (slot) => this.start(slot));
    const now = this.clock.now();
    if (settled.length > 0) await settleStarts(this.pool, settled, now);
    if (later.length > 0) await postponeStarts(this.pool, later, now + START_AGAIN_MS);
    return slots.length === STARTS_AT_ONCE;
  }

  private async start(slot: SlotToStart): Promise<SettledStart | null> {
    const { params, namespace, name, scheduleId, series, slotAt, dueAt } = slot;
    const waitedMs = () => this.clock.now() - dueAt.getTime();
    const request = {
      paramsJson: JSON.stringify(params ?? {}),
      actor: `schedule:${namespace}/${name}`,
      origin: originOf(series),
      idempotencyKey: startKeyOf(scheduleId, series, slotAt),
      logicalTime: slotAt.getTime(),
    };
    const settled = await attemptStart(slot, { request, waitedMs }, this.executor, this.logger);
    if (settled === null) return null;
    this.metrics.became(settled.instanceId === null ? 'refused' : 'running');
    if (settled.instanceId !== null && series === 'schedule') this.metrics.started(waitedMs());
    return settled;
  }
}

const originOf = (series: string): 'schedule' | 'backfill' | 'manual' => {
  const [kind] = series.split(':');
  return kind === 'backfill' || kind === 'manual' ? kind : 'schedule';
};
