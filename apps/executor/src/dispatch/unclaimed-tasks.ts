import type { Pool } from 'pg';
import type { Dispatcher } from './dispatcher.js';
import { readSlots, readWaitingQueues, readWaitingTasks } from './pending-tasks.sql.js';
import type { StreamDepths } from './stream-depths.js';
import type { OutboxPredicate } from './sweeper.js';

/** Published this long ago and still PENDING, a task is published again where the window has room. */
const PUBLISHED_AGAIN_AFTER_MS = 30_000;

/** `dispatch`: a task is PENDING and nobody has claimed it. Also adopts what a dead executor had kept back. */
export class UnclaimedTasks implements OutboxPredicate {
  readonly name = 'dispatch';
  private madeAt: string | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly dispatcher: Dispatcher,
    private readonly depths: StreamDepths,
    private readonly leaseMs: number,
    private readonly waitedMs: number,
  ) {}

  async repeat(): Promise<void> {
    const madeAt = await this.depths.tasksMadeAt();
    if (this.madeAt !== undefined && madeAt !== this.madeAt) this.dispatcher.forgetPublished();
    this.madeAt = madeAt;
    const [queues, slots] = await Promise.all([readWaitingQueues(this.pool), readSlots(this.pool, this.leaseMs)]);
    for (const [queue, window] of this.dispatcher.windows) window.setSlots(slots.get(queue) ?? 0);
    for (const queue of queues) await this.sweep(queue, slots.get(queue) ?? 0);
  }

  private async sweep(queue: string, slots: number): Promise<void> {
    const window = this.dispatcher.window(queue);
    window.setSlots(slots);
    const unclaimed = await this.depths.unclaimed(queue);
    if (unclaimed !== null) window.correct(unclaimed);
    // What lies in TASKS comes to its claim by itself; more would only make copies of it.
    const room = window.size - Math.max(window.outstanding, unclaimed ?? 0);
    const waiting = room > 0 ? await readWaitingTasks(this.pool, queue, this.waitedMs, 2 * window.size) : [];
    await this.dispatcher.found(queue, waiting, PUBLISHED_AGAIN_AFTER_MS, room);
  }
}
