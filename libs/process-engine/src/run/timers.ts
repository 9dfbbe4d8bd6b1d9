import type { TimerRow } from './changes.js';
import type { Timer } from './document.js';
import { Overlay } from './overlay.js';

/** The wake-up calls of a run while a turn changes them. */
export class Timers {
  private readonly timers: Overlay<string, Timer>;
  /** Ids of stored timers that are not needed any more. */
  readonly cleared: string[] = [];
  private readonly added = new Set<string>();

  constructor(
    before: Readonly<Record<string, Timer>>,
    private readonly newId: () => string,
  ) {
    this.timers = new Overlay(before);
  }

  find(id: string): Timer | undefined {
    return this.timers.get(id);
  }

  set(timer: Timer): string {
    const id = this.newId();
    this.timers.set(id, timer);
    this.added.add(id);
    return id;
  }

  clear(id: string): void {
    if (!this.timers.get(id)) return;
    this.timers.remove(id);
    if (!this.added.delete(id)) this.cleared.push(id);
  }

  clearAll(matching: (timer: Timer) => boolean): void {
    for (const [id, timer] of Object.entries(this.timers.all())) if (matching(timer)) this.clear(id);
  }

  /** All of them after the turn; those before it are changed when they may be taken over. */
  applied(takeOver: boolean): Readonly<Record<string, Timer>> {
    return this.timers.applied(takeOver);
  }

  /** Rows of the timers that this turn has set. */
  rows(): TimerRow[] {
    return [...this.added].map((id) => {
      const timer = this.timers.get(id) as Timer;
      return { id, kind: timer.kind, dueAt: timer.dueAt, taskInstanceId: 'execution' in timer ? timer.execution : null };
    });
  }
}
