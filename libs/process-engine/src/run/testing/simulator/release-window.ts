import type { TaskMessage } from './items.js';
import type { WorkQueue } from './work-queue.js';
import type { World } from './world.js';

/** In small worlds TASKS holds so many unclaimed tasks, as far as its executors know; in the others there is always room. */
const SMALL = [1, 4] as const;
const MOST_LATE_MS = 5;

/** Tasks that TASKS has room for; drawn once for a world. */
export const anyWindow = ({ chance }: World): number => (chance.hits(0.5) ? chance.between(...SMALL) : Infinity);

/** Name under which a task is published: its copies have the same one. */
export const nameOf = ({ taskInstanceId, attempt, dispatch }: Omit<TaskMessage, 'runId' | 'worker'>): string =>
  `${taskInstanceId}.${attempt}.${dispatch}`;

/** What an executor has committed and keeps back until TASKS has room. It keeps messages as they were, whatever becomes of their rows. */
export class ReleaseWindow {
  private readonly waiting = new Map<string, TaskMessage>();

  constructor(
    private readonly world: World,
    private readonly later: (ms: number, work: () => void) => void,
  ) {}

  /** Publishes a task, or lets it wait for its turn. */
  add(message: TaskMessage): void {
    if (this.waiting.size === 0 && this.room > 0) return this.publish(message);
    this.world.coverage.count('window', 'waits for its turn');
    this.waiting.set(nameOf(message), message);
  }

  /** Publishes a little later what has room now: another executor may do the same meanwhile. */
  release(): void {
    const messages = [...this.waiting].slice(0, Math.max(this.room, 0));
    if (messages.length === 0) return;
    for (const [name] of messages) this.waiting.delete(name);
    this.later(this.world.chance.between(0, MOST_LATE_MS), () => {
      if (this.room < messages.length) this.world.coverage.count('window', 'two releases at once');
      for (const [, message] of messages) this.publish(message);
    });
  }

  private get room(): number {
    const { tasks, window }: { readonly tasks: WorkQueue<TaskMessage>; readonly window: number } = this.world;
    return window - tasks.count(({ worker }) => worker === null);
  }

  private publish(message: TaskMessage): void {
    this.world.tasks.publish(nameOf(message), message);
  }
}
