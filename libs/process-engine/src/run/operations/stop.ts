import type { Failure } from '@orderlines/contracts';
import { cancelAttempt, closeRun } from '../close.js';
import { type BadEnding, ROOT } from '../document.js';
import { endSession } from '../debug/end-session.js';
import { FORCED } from '../limits.js';
import { leaveQueue } from '../events/slot.js';
import { passOn } from '../outcomes.js';
import { finishRun } from '../phases.js';
import { stop as settleAsStopped } from '../settle.js';
import type { Turn } from '../turn.js';
import { isHeld } from '../waiting.js';

/** Stops the run: running tasks are cancelled and the teardown runs; by force neither is waited for. */
export function stop(turn: Turn, actor: string, force: boolean): void {
  const failure: Failure = {
    reason: 'stopped',
    ...(force && { code: FORCED }),
    message: `Stopped by ${actor}${force ? ' by force' : ''}.`,
  };
  if (force) return stopByForce(turn, failure);
  const ending: BadEnding = { status: 'STOP', failure };
  if (turn.run.phase === 'queued') return leaveQueue(turn, ending);
  const root = turn.scope(ROOT);
  turn.changed = !root.closing && (root.section !== 'teardown' || root.ending?.status === 'SUCCESS');
  if (!turn.changed && turn.debug) {
    turn.changed = true;
    endSession(turn);
  }
  if (turn.changed) closeRun(turn, ending);
}

function stopByForce(turn: Turn, failure: Failure): void {
  turn.paused = undefined;
  turn.debug = undefined;
  turn.run.waitsFor = null;
  for (const { id, callback } of [...turn.openExecutions()].reverse()) {
    if (callback) continue;
    const execution = turn.execution(id);
    cancelAttempt(turn, execution, failure, 0);
    if (isHeld(execution)) {
      delete execution.waitsFor;
      turn.removeExecution(id);
    } else settleAsStopped(turn, execution, failure);
  }
  const inner = turn.openScopes().filter(({ id }) => id !== ROOT);
  for (const scope of [...inner].sort((one, other) => other.id - one.id)) {
    passOn(turn, scope);
    turn.removeScope(scope.id);
  }
  turn.work.length = 0;
  finishRun(turn, { status: 'STOP', failure });
}
