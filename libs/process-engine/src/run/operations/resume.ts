import { redeliver } from '../attempts.js';
import { wake } from '../events/timer.js';
import { moveAll } from '../flow.js';
import type { Turn } from '../turn.js';

/** Everything the pause held back goes on at once; what was queued is dispatched anew, since its copies were refused. */
export function resume(turn: Turn): void {
  const { run, now, paused } = turn;
  turn.paused = undefined;
  run.status = 'RUNNING';
  if (paused?.left !== undefined) run.deadlineAt = now + paused.left;
  turn.tellRun();
  for (const { id, status, callback, due, timeLeft } of turn.openExecutions()) {
    if (callback) continue;
    if (timeLeft !== undefined) {
      const execution = turn.execution(id);
      execution.deadlineAt = now + timeLeft;
      delete execution.timeLeft;
    }
    if (status === 'PENDING') redeliver(turn, turn.execution(id));
    else if (due) wake(turn, turn.execution(id));
  }
  moveAll(turn);
}
