import type { Turn } from '../turn.js';
import { showDeadline, timestamp } from '../waiting.js';

/** No new node starts; what runs, ends. The clocks of the run and of its containers stand still, nothing queued may be claimed. */
export function pause(turn: Turn, actor: string): void {
  const { run, now } = turn;
  turn.paused = run.deadlineAt === null ? {} : { left: run.deadlineAt - now };
  run.status = 'PAUSED';
  run.waitsFor = { kind: 'paused', since: timestamp(now), by: actor };
  run.deadlineAt = null;
  for (const { id, status, session, callback, deadlineAt } of turn.openExecutions()) {
    if (callback || deadlineAt === undefined || session !== undefined) continue;
    const execution = turn.execution(id);
    delete execution.deadlineAt;
    if (status !== 'PENDING') execution.timeLeft = deadlineAt - now;
    showDeadline(execution);
  }
  turn.tellRun();
}
