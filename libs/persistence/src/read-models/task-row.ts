import type {
  AttemptView,
  Failure,
  FailureReason,
  Json,
  LateResult,
  SkipReason,
  TaskSummary,
  TaskView,
  WaitsForKind,
} from '@orderlines/contracts';
import { shown, WAIT_COLUMNS, waitReason, type WaitingRow } from './wait-reason.js';

/** What a list shows of an execution, and what its reason to wait is found from. */
export const TASK_COLUMNS = `t.process_instance_id, t.id, t.node_id, t.kind, t.type, t.uses, t.path, t.parent_id, t.visit, t.item_index,
  t.status, t.reason, t.skip_reason, t.failed, t.attempt, t.queue, t.worker, t.error, t.created_at, t.ready_at, t.started_at, t.finished_at,
  ${WAIT_COLUMNS}`;

/** A row of {@link TASK_COLUMNS}. */
export interface TaskRow extends WaitingRow {
  readonly process_instance_id: string;
  readonly id: string;
  readonly node_id: string;
  readonly uses: string | null;
  readonly path: string;
  readonly parent_id: string | null;
  readonly visit: number;
  readonly item_index: number | null;
  readonly reason: FailureReason | null;
  readonly skip_reason: SkipReason | null;
  readonly failed: boolean;
  readonly attempt: number;
  readonly error: Failure | null;
  readonly finished_at: Date | null;
}

/** The execution as lists show it. */
export const toTaskSummary = (row: TaskRow): TaskSummary => {
  const waits = waitReason(row);
  return {
    instanceId: row.process_instance_id,
    id: row.id,
    nodeId: row.node_id,
    kind: row.kind,
    type: row.type,
    uses: row.uses,
    path: row.path,
    parentId: row.parent_id,
    visit: row.visit,
    index: row.item_index,
    status: row.status,
    reason: row.reason,
    skipReason: row.skip_reason,
    failed: row.failed,
    attempt: row.attempt,
    queue: row.queue,
    worker: row.worker,
    error: row.error,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    ...(waits === undefined ? {} : { waitReason: shown(waits) }),
  };
};

/** An execution with its data. */
export interface FullTaskRow extends TaskRow {
  readonly input: Json;
  readonly result: Json;
  readonly late_result: LateResult | null;
  readonly reused_from: string | null;
}

/** An execution with its data; which operations are possible is the engine's to say. */
export type StoredTaskView = Omit<TaskView, 'allowed'> & { readonly waitsFor: WaitsForKind | null };

/** A failed attempt that was repeated. */
export interface AttemptRow {
  readonly task_instance_id: string;
  readonly attempt: number;
  readonly worker: string | null;
  readonly error: Failure;
  readonly result: Json;
  readonly started_at: Date | null;
  readonly finished_at: Date;
}

const toAttempt = (row: AttemptRow): AttemptView => ({
  attempt: row.attempt,
  worker: row.worker,
  error: row.error,
  result: row.result,
  startedAt: row.started_at?.toISOString() ?? null,
  finishedAt: row.finished_at.toISOString(),
});

/** The execution with its data and its earlier attempts. */
export const toTaskView = (row: FullTaskRow, attempts: readonly AttemptRow[]): StoredTaskView => ({
  ...toTaskSummary(row),
  waitsFor: row.waits_for?.kind ?? null,
  input: row.input,
  result: row.result,
  attempts: attempts.map(toAttempt),
  ...(row.reused_from === null ? {} : { reusedFrom: row.reused_from }),
  ...(row.late_result === null ? {} : { lateResult: row.late_result }),
});
