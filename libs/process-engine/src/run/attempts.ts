import type { Execution, Mutable } from './document.js';
import { pathOf } from './paths.js';
import { queue } from './queueing.js';
import type { Turn } from './turn.js';

/** Marks an attempt as running from now on. */
export function markRunning(turn: Turn, execution: Mutable<Execution>): void {
  execution.status = 'RUNNING';
  execution.startedAt = turn.now;
  execution.firstStartedAt ??= turn.now;
}

/** Begins the next attempt of a failed execution; numbers of dispatches go on, so that nothing of the old one fits. */
export function beginNextAttempt(turn: Turn, execution: Mutable<Execution>): void {
  delete execution.due;
  delete execution.timer;
  delete execution.reason;
  execution.attempt += 1;
  execution.dispatch += 1;
  if (!execution.callback) {
    execution.startedAt = turn.now;
    turn.work.push({ do: 'begin', execution: execution.id });
    return;
  }
  queue(turn, execution);
  turn.tell(execution, pathOf(turn, execution));
}

/** Delivers the same attempt again, as another dispatch: copies of the last one are refused. */
export function redeliver(turn: Turn, execution: Mutable<Execution>): void {
  execution.dispatch += 1;
  queue(turn, execution);
  turn.tell(execution, pathOf(turn, execution));
}
