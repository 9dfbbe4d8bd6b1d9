import type { ExecutorClient } from '@orderlines/rpc';
import type { Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { Clock } from '../clock.js';
import type { SchedulerMetrics } from '../metrics.js';
import { readStops, settleEnds, startWaiting, stopAsked } from './ends.sql.js';

/** Running slots that one look goes through; more take several looks, so a look costs the same however many run. */
const LOOKED_AT_ONCE = 2_000;
const STOPPED_AT_ONCE = 100;

/** Learns from their rows how runs ended, and lets go on what waited for that. */
export class RunEnds {
  private cursor: string | null = null;

  constructor(
    private readonly pool: Pool,
    private readonly executor: ExecutorClient,
    private readonly clock: Clock,
    private readonly metrics: SchedulerMetrics,
    private readonly logger: Logger,
  ) {}

  /** One look; gives the number of slots whose runs are to be started now. */
  async look(): Promise<number> {
    const now = this.clock.now();
    const { statuses, cursor } = await settleEnds(this.pool, this.cursor, LOOKED_AT_ONCE, now);
    this.cursor = cursor;
    for (const status of statuses) this.metrics.became(status);
    await this.stopReplaced();
    return startWaiting(this.pool, LOOKED_AT_ONCE, now);
  }

  /** A crash between the request and the note repeats the request, which the executor knows by its key. */
  private async stopReplaced(): Promise<void> {
    for (const { id, instanceId, name, stop } of await readStops(this.pool, STOPPED_AT_ONCE)) {
      const { accepted, message } = await this.executor.operateInstance({
        instanceId,
        operationJson: JSON.stringify({ name: 'stop', force: stop === 'force' }),
        actor: `schedule:${name}`,
        idempotencyKey: `schedule:${id}:${stop}`,
      });
      if (!accepted) this.logger.debug({ instanceId, message }, 'a run that a later slot replaces was not stopped');
      await stopAsked(this.pool, id);
    }
  }
}
