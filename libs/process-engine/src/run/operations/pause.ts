import { stopClocks } from '../clocks.js';
import type { Turn } from '../turn.js';
import { timestamp } from '../waiting.js';

/** No new node starts; what runs, ends. The clocks of the run and of its containers stand still, nothing queued may be claimed. */
export function pause(turn: Turn, actor: string): void {
  const { run, now } = turn;
  turn.paused = run.deadlineAt === null ? {} : { left: run.deadlineAt - now };
  run.status = 'PAUSED';
  run.waitsFor = { kind: 'paused', since: timestamp(now), by: actor };
  run.deadlineAt = null;
  stopClocks(turn);
  for (const { id, status, callback, deadlineAt } of turn.openExecutions()) {
    if (status === 'PENDING' && !callback && deadlineAt !== undefined) delete turn.execution(id).deadlineAt;
  }
  turn.tellRun();
}
