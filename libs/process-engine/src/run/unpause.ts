import { redeliver, wake } from './attempts.js';
import { moveAll } from './token.js';
import type { Turn } from './turn.js';
import { showDeadline } from './waiting.js';

/** What a pause held back goes on at once; what was queued is dispatched anew, since its copies were refused. */
export function goOn(turn: Turn): void {
  for (const { id, status, callback, due, timeLeft } of turn.openExecutions()) {
    if (callback) continue;
    if (timeLeft !== undefined) {
      const execution = turn.execution(id);
      if (!execution.cancelled) execution.deadlineAt = turn.now + timeLeft;
      delete execution.timeLeft;
      showDeadline(execution);
    }
    if (status === 'PENDING') redeliver(turn, turn.execution(id));
    else if (due) wake(turn, turn.execution(id));
  }
  moveAll(turn);
}
