import type { Execution, Mutable } from './document.js';
import { pathOf } from './paths.js';
import { queue, workspaceScope } from './queueing.js';
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
  delete execution.waitsFor;
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

/** Goes on with an execution whose time has come. */
export function wake(turn: Turn, execution: Mutable<Execution>): void {
  delete execution.due;
  if (execution.status === 'RETRY') beginNextAttempt(turn, execution);
  else turn.work.push({ do: 'wake', execution: execution.id });
}

/** Delivers the same attempt again, as another dispatch: copies of the last one are refused. */
export function redeliver(turn: Turn, execution: Mutable<Execution>): void {
  execution.dispatch += 1;
  queue(turn, execution);
  turn.tell(execution, pathOf(turn, execution));
}

/** Delivers again what is queued in a shared folder, after the folder has got or lost its worker. */
export function redeliverInWorkspace(turn: Turn, scopeId: number): void {
  for (const { id, status, callback, scope } of turn.openExecutions()) {
    if (status === 'PENDING' && !callback && workspaceScope(turn, scope)?.id === scopeId) redeliver(turn, turn.execution(id));
  }
}
