import { FairQueue, type QueuedEntry } from './fair-queue.js';
import type { OutgoingTask } from './task-message.js';

/** Tasks of a queue that this executor keeps in memory until their turn; the sweeper finds the rest. */
const MAX_WAITING = 10_000;
/** Published and unclaimed tasks of a queue: this many, or twice its live slots. */
const LEAST_WINDOW = 200;

/** A task to publish; without its message it is read from its row when its turn comes. */
export interface WaitingEntry extends QueuedEntry {
  readonly attempt: number;
  readonly dispatch: number;
  readonly outgoing: OutgoingTask | null;
}

/** How much of one queue lies in TASKS, and what waits for its turn. */
export class ReleaseWindow {
  private readonly waiting = new FairQueue<WaitingEntry>(MAX_WAITING);
  /** Published and not known to be claimed, oldest first, with the moment of publication. */
  private readonly published = new Map<string, number>();
  private slots = 0;

  get hasWaiting(): boolean {
    return this.waiting.size > 0;
  }

  get hasRoom(): boolean {
    return this.published.size + this.waiting.size < this.size;
  }

  get size(): number {
    return Math.max(LEAST_WINDOW, 2 * this.slots);
  }

  /** Published and not known to be claimed. */
  get outstanding(): number {
    return this.published.size;
  }

  setSlots(slots: number): void {
    this.slots = slots;
  }

  add(entry: WaitingEntry): void {
    this.published.delete(entry.taskInstanceId);
    this.waiting.add(entry);
  }

  /** The task was claimed, or will never be; true when it was here. */
  remove(taskInstanceId: string): boolean {
    return this.waiting.remove(taskInstanceId) || this.published.delete(taskInstanceId);
  }

  /** Entries whose turn it is; they count as published from now on. */
  release(): WaitingEntry[] {
    const released: WaitingEntry[] = [];
    for (let room = this.size - this.published.size; room > 0; room--) {
      const entry = this.waiting.next();
      if (entry === undefined) break;
      this.published.set(entry.taskInstanceId, performance.now());
      released.push(entry);
    }
    return released;
  }

  /** The queue's durable holds only so many unclaimed messages: other executors granted the oldest of ours. */
  correct(unclaimed: number): void {
    for (const id of this.published.keys()) {
      if (this.published.size <= unclaimed) return;
      this.published.delete(id);
    }
  }

  /** True when the sweeper need not publish it: it waits here, or was published less than so many milliseconds ago. */
  knows(taskInstanceId: string, withinMs: number): boolean {
    const at = this.published.get(taskInstanceId);
    return this.waiting.has(taskInstanceId) || (at !== undefined && performance.now() - at < withinMs);
  }

  /** TASKS was made anew: nothing of ours is in it. */
  forgetPublished(): void {
    this.published.clear();
  }
}
