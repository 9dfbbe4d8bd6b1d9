import type { TimerRow } from './changes.js';
import type { Timer } from './document.js';

/** The wake-up calls of a run while a turn changes them. */
export class Timers {
  /** As they stand now, by id. */
  readonly all: Record<string, Timer>;
  /** Ids of stored timers that are not needed any more. */
  readonly cleared: string[] = [];
  private readonly added = new Set<string>();

  constructor(
    before: Readonly<Record<string, Timer>>,
    private readonly newId: () => string,
  ) {
    this.all = { ...before };
  }

  find(id: string): Timer | undefined {
    return this.all[id];
  }

  set(timer: Timer): string {
    const id = this.newId();
    this.all[id] = timer;
    this.added.add(id);
    return id;
  }

  clear(id: string): void {
    if (!this.all[id]) return;
    delete this.all[id];
    if (!this.added.delete(id)) this.cleared.push(id);
  }

  clearAll(matching: (timer: Timer) => boolean): void {
    for (const [id, timer] of Object.entries(this.all)) if (matching(timer)) this.clear(id);
  }

  /** Rows of the timers that this turn has set. */
  rows(): TimerRow[] {
    return [...this.added].map((id) => {
      const timer = this.all[id] as Timer;
      return { id, kind: timer.kind, dueAt: timer.dueAt, taskInstanceId: 'execution' in timer ? timer.execution : null };
    });
  }
}
