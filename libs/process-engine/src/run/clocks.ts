import type { Turn } from './turn.js';
import { showDeadline } from './waiting.js';

/** Time-outs of what no worker holds and nobody queues for (containers, waits) stand still. */
export function stopClocks(turn: Turn): void {
  for (const { id, status, session, callback, deadlineAt } of turn.openExecutions()) {
    if (callback || deadlineAt === undefined || session !== undefined || status === 'PENDING') continue;
    const execution = turn.execution(id);
    delete execution.deadlineAt;
    execution.timeLeft = deadlineAt - turn.now;
    showDeadline(execution);
  }
}

/** They go on with what was left. */
export function startClocks(turn: Turn): void {
  for (const { id, callback, timeLeft } of turn.openExecutions()) {
    if (callback || timeLeft === undefined) continue;
    const execution = turn.execution(id);
    if (!execution.cancelled) execution.deadlineAt = turn.now + timeLeft;
    delete execution.timeLeft;
    showDeadline(execution);
  }
}
