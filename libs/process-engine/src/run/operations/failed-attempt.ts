import type { Failure } from '@orderlines/contracts';
import { RowsNeeded, type StoredTask } from '../context.js';
import type { Execution } from '../document.js';
import type { Turn } from '../turn.js';

/** What the row of an execution says; throws RowsNeeded until it has been loaded. */
export function rowOf(turn: Turn, { id }: Execution): StoredTask {
  const row = turn.context.task(id);
  if (!row) throw new RowsNeeded([id], []);
  return row;
}

/** Keeps the failed last attempt of an execution that waits for an operator, before its row tells of something else. */
export function keepFailedAttempt(turn: Turn, execution: Execution): void {
  const row = rowOf(turn, execution);
  turn.attempts.push({
    taskInstanceId: execution.id,
    attempt: execution.attempt,
    worker: row.worker,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt ?? turn.now,
    failure: row.error ?? UNKNOWN,
    ...(row.result !== null && { result: row.result }),
    ...(row.logChunks !== null && { logChunks: row.logChunks }),
  });
}

const UNKNOWN: Failure = { reason: 'infra', message: 'What failed is not known.' };
