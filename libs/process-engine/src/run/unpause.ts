import { redeliver, wake } from './attempts.js';
import { startClocks } from './clocks.js';
import { moveAll } from './token.js';
import type { Turn } from './turn.js';

/** What a pause held back goes on at once; what was queued is dispatched anew, since its copies were refused. */
export function goOn(turn: Turn): void {
  startClocks(turn);
  for (const { id, status, callback, due } of turn.openExecutions()) {
    if (callback) continue;
    if (status === 'PENDING') redeliver(turn, turn.execution(id));
    else if (due) wake(turn, turn.execution(id));
  }
  moveAll(turn);
}
