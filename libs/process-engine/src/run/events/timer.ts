import { wake } from '../attempts.js';
import { closeRun, endToken } from '../close.js';
import { DEBUG_IDLE_MS } from '../limits.js';
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
  if (due.kind === 'debug') return abandon(turn);
  const execution = turn.execution(due.execution);
  delete execution.timer;
  if (turn.paused && !execution.callback) execution.due = true;
  else wake(turn, execution);
}

/** Nobody has touched the debug session for too long. */
function abandon(turn: Turn): void {
  const message = `Nobody has touched the debug session for ${DEBUG_IDLE_MS / 60_000} minutes.`;
  closeRun(turn, { status: 'STOP', failure: { reason: 'policy', code: 'debug.idle', message } });
}

/** The teardown took too long: what it runs is ended, how the body ended stands. */
function endTeardown(turn: Turn, scopeId: number): void {
  endToken(turn, scopeId, { status: 'FAILURE', failure: { reason: 'timeout.run', message: 'The teardown ran longer than its limit.' } });
}
