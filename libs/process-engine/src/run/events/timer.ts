import { wake } from '../attempts.js';
import { endToken } from '../close.js';
import type { TimerEvent } from '../event.js';
import { moveAll } from '../token.js';
import type { Turn } from '../turn.js';

/** A wake-up call. During a pause what comes due is only noted; the resume goes on with it. */
export function timer(turn: Turn, { timerId }: TimerEvent): void {
  const due = turn.timers.find(timerId);
  if (!due) {
    turn.changed = false;
    return;
  }
  turn.timers.clear(timerId);
  if (due.kind === 'continue') return moveAll(turn);
  if (due.kind === 'teardown') return endTeardown(turn, due.scope);
  const execution = turn.execution(due.execution);
  delete execution.timer;
  if (turn.paused && !execution.callback) execution.due = true;
  else wake(turn, execution);
}

/** The teardown took too long: what it runs is ended, how the body ended stands. */
function endTeardown(turn: Turn, scopeId: number): void {
  endToken(turn, scopeId, { status: 'FAILURE', failure: { reason: 'timeout.run', message: 'The teardown ran longer than its limit.' } });
}
