import type { Failure } from '@orderlines/contracts';
import { isContainer } from './containers.js';
import { type BadEnding, type Execution, type Mutable, ROOT } from './document.js';
import { endSession } from './debug/end-session.js';
import { LAST_WORD_MS } from './limits.js';
import { stop } from './settle.js';
import { giveToken, release } from './token.js';
import type { Turn } from './turn.js';
import { goOn } from './unpause.js';
import { isHeld } from './waiting.js';

/**
 * Ends what a scope runs now; its teardown still runs. A scope that is already in its teardown finishes it,
 * and a failure it has is not hidden by being stopped.
 */
export function closeScope(turn: Turn, scopeId: number, ending: BadEnding): void {
  const scope = turn.scope(scopeId);
  if (scope.section === 'teardown') {
    if (scope.ending?.status === 'SUCCESS') scope.ending = ending;
    return;
  }
  endToken(turn, scopeId, scope.closing ?? ending);
}

/** Ends what the running section of a scope does, whichever section it is. */
export function endToken(turn: Turn, scopeId: number, closing: BadEnding): void {
  const scope = turn.scope(scopeId);
  scope.closing = closing;
  const ending: BadEnding = { status: 'STOP', failure: { ...closing.failure, reason: 'stopped' } };
  if (scope.current !== undefined) return closeExecution(turn, turn.execution(scope.current), ending);
  for (const { id } of scope.graph ? turn.executionsIn(scopeId) : []) closeExecution(turn, turn.execution(id), ending);
  if (scope.graph) turn.work.push({ do: 'move', scope: scopeId });
  else giveToken(turn, scopeId, { end: ending });
}

/** Ends an execution: what no worker holds at once, what one holds when it answers, a container when its scopes have ended. */
export function closeExecution(turn: Turn, execution: Mutable<Execution>, ending: BadEnding): void {
  if (isHeld(execution)) {
    delete execution.waitsFor;
    turn.removeExecution(execution.id);
    return release(turn, execution, { end: ending });
  }
  if (execution.waitsFor?.kind === 'child') return closeChild(execution, ending);
  if (execution.status !== 'RUNNING') return stop(turn, execution, ending.failure);
  if (isContainer(turn.node(execution.nodeId))) return closeContainer(turn, execution, ending);
  if (execution.cancelled) return;
  execution.cancelled = ending;
  cancelAttempt(turn, execution, ending.failure, turn.context.settings.graceMs);
  execution.deadlineAt = turn.now + turn.context.settings.graceMs + LAST_WORD_MS;
}

/** The run it waits for is told to end, and does so with its own teardown: the node ends with it. */
export function closeChild(execution: Mutable<Execution>, ending: BadEnding): void {
  execution.cancelled ??= ending;
  delete execution.deadlineAt;
  delete execution.timeLeft;
}

function closeContainer(turn: Turn, execution: Mutable<Execution>, ending: BadEnding): void {
  execution.cancelled ??= ending;
  delete execution.deadlineAt;
  const failure: Failure = { ...ending.failure, reason: 'stopped' };
  for (const scope of turn.scopesOf(execution.id)) closeScope(turn, scope.id, { status: 'STOP', failure });
}

/** Tells the worker that holds the attempt to stop it. */
export function cancelAttempt(turn: Turn, execution: Execution, failure: Failure, graceMs: number): void {
  if (execution.session === undefined) return;
  const { id, attempt, session } = execution;
  turn.cancel.push({ taskInstanceId: id, attempt, session, reason: failure.reason, graceMs });
}

/** Ends the run's body from outside: stop and the run's own time-out. */
export function closeRun(turn: Turn, ending: BadEnding): void {
  const wasPaused = turn.paused !== undefined;
  turn.paused = undefined;
  turn.run.status = 'RUNNING';
  turn.run.waitsFor = null;
  turn.run.deadlineAt = null;
  if (turn.run.phase !== 'teardown') turn.run.phase = 'stopping';
  turn.tellRun();
  closeScope(turn, ROOT, ending);
  endSession(turn);
  // What is left is in a teardown, which the pause no longer holds back.
  if (wasPaused) goOn(turn);
}
