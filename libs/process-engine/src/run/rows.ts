import { type Failure, type FailureReason, isTerminalTask, type Json, type SkipReason } from '@orderlines/contracts';
import type { TaskInstanceUpdate } from './changes.js';
import type { Execution } from './document.js';

/** An attempt that still runs says by its reason that its worker has been told to stop it: heartbeats repeat that. */
const reasonToStop = ({ status, cancelled }: Execution): FailureReason | null =>
  isTerminalTask(status) ? null : (cancelled?.failure.reason ?? null);

/** What is written into a row beside the execution's own columns; absent keys keep what is stored. */
export interface RowDetail {
  readonly result?: Json;
  readonly error?: Failure | null;
  readonly logChunks?: number;
  readonly input?: Json;
  readonly timeoutMs?: number;
  readonly heartbeatTimeoutMs?: number;
  readonly skipReason?: SkipReason;
  readonly finishedAt?: number;
}

/** The changeable columns of an execution's row. */
export function columnsOf(execution: Execution, detail: RowDetail): TaskInstanceUpdate {
  return {
    id: execution.id,
    status: execution.status,
    reason: execution.reason ?? reasonToStop(execution),
    skipReason: detail.skipReason ?? null,
    failed: execution.failed ?? false,
    attempt: execution.attempt,
    dispatch: execution.dispatch,
    worker: execution.worker ?? null,
    session: execution.session ?? null,
    token: execution.token ?? null,
    readyAt: execution.readyAt ?? null,
    startedAt: execution.startedAt ?? null,
    finishedAt: detail.finishedAt ?? null,
    deadlineAt: execution.deadlineAt ?? null,
    waitsFor: execution.waitsFor ?? null,
    ...(detail.result !== undefined && { result: detail.result }),
    ...(detail.error !== undefined && { error: detail.error }),
    ...(detail.logChunks !== undefined && { logChunks: detail.logChunks }),
    ...(detail.input !== undefined && { input: detail.input }),
    ...(detail.timeoutMs !== undefined && { timeoutMs: detail.timeoutMs }),
    ...(detail.heartbeatTimeoutMs !== undefined && { heartbeatTimeoutMs: detail.heartbeatTimeoutMs }),
  };
}
