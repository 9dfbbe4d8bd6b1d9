import { circlesOf } from '@orderlines/process-engine';
import type { Logger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import type { BatchItem } from '../instance/batch-item.js';
import type { ExecutorMetrics } from '../metrics.js';
import { readQueues, readWaitedForKeys } from '../store/slots.sql.js';
import type { OutboxPredicate } from './sweeper.js';

/** `circle`: queued runs wait for slots of runs that wait for them. Each of them says so in its row; a person has to end one. */
export class CircleWatch implements OutboxPredicate {
  readonly name = 'circle';

  constructor(
    private readonly pool: Pool,
    private readonly submit: (item: BatchItem) => void,
    private readonly metrics: ExecutorMetrics,
    private readonly logger: Logger,
  ) {}

  async repeat(): Promise<void> {
    const keys = await readWaitedForKeys(this.pool);
    const runs = keys.length === 0 ? [] : await readQueues(this.pool, keys);
    const circles = circlesOf(runs);
    this.metrics.waitInCircles(circles.size);
    for (const { id, phase, circle } of runs) {
      const found = circles.get(id) ?? [];
      if (phase === 'queued' && found.join() !== circle.join()) this.show(id, found);
    }
  }

  private show(instanceId: string, runs: readonly string[]): void {
    if (runs.length > 0) this.logger.warn({ instanceId, heldBy: runs }, 'a run waits in a circle: who holds its slot waits for it');
    const event = { kind: 'slot', verdict: { what: 'circle', runs } } as const;
    this.submit({ kind: 'event', instanceId, event, bytes: 100, alone: false, waitsUntil: null, settle: () => undefined });
  }
}
