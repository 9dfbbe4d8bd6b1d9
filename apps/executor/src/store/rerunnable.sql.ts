import type { Failure, FailureReason, Json, JsonObject, SkipReason, TaskStatus } from '@orderlines/contracts';
import type { RerunCandidate, TaskInstanceRow } from '@orderlines/process-engine';
import type { Pool } from 'pg';
import { asMilliseconds } from './columns.js';

/** Task instances of a run in the order they came to be, one more than `limit` at most. */
export const readCandidates = async (pool: Pool, instanceId: string, limit: number): Promise<RerunCandidate[]> => {
  const { rows } = await pool.query<RerunCandidate>({
    name: 'rerun-candidates',
    text: `select id, node_id as "nodeId", kind, type, parent_id as "parentId", status, ${asMilliseconds('created_at', '"createdAt"')}
      from runtime.task_instance where process_instance_id = $1 and kind <> 'callback' order by created_at, id limit $2`,
    values: [instanceId, limit + 1],
  });
  return rows;
};

interface ReusedRow {
  id: string;
  nodeId: string;
  kind: TaskInstanceRow['kind'];
  type: string;
  uses: string | null;
  path: string;
  scope: number;
  parentId: string | null;
  visit: number;
  index: number | null;
  queue: string | null;
  status: TaskStatus;
  reason: FailureReason | null;
  skipReason: SkipReason | null;
  failed: boolean;
  attempt: number;
  dispatch: number;
  worker: string | null;
  input: Json;
  result: Json;
  error: Failure | null;
  startedAt: number | null;
  finishedAt: number | null;
  createdAt: number;
}

/** Task instances whose results a rerun copies, in the order they came to be. Their logs stay with the run that made them. */
export const readReused = async (pool: Pool, instanceId: string, ids: readonly string[]): Promise<TaskInstanceRow[]> => {
  const { rows } = await pool.query<ReusedRow>({
    name: 'rerun-reused',
    text: `select t.id, t.node_id as "nodeId", t.kind, t.type, t.uses, t.path, t.scope, t.parent_id as "parentId", t.visit, t.item_index as index,
        t.queue, t.status, t.reason, t.skip_reason as "skipReason", t.failed, t.attempt, t.dispatch, t.worker, t.input, t.result, t.error,
        ${asMilliseconds('t.started_at', '"startedAt"')}, ${asMilliseconds('t.finished_at', '"finishedAt"')},
        ${asMilliseconds('t.created_at', '"createdAt"')}
      from unnest($2::uuid[]) as u (id) join runtime.task_instance t on t.process_instance_id = $1 and t.id = u.id
      order by t.created_at, t.id`,
    values: [instanceId, ids],
  });
  return rows.map((row) => ({
    ...row,
    session: null,
    token: null,
    readyAt: null,
    deadlineAt: null,
    waitsFor: null,
    timeoutMs: null,
    heartbeatTimeoutMs: null,
    workspace: null,
    logChunks: 0,
  }));
};

/** A fact as far as it says which variables a run had. */
export interface VariableFact {
  readonly type: string;
  readonly id?: string;
  readonly taskInstanceId?: string;
  readonly values?: JsonObject;
}

/** Facts of a run that change variables or name a task instance, in their order. */
export const readVariableFacts = async (pool: Pool, instanceId: string, taskInstanceId: string): Promise<VariableFact[]> => {
  const { rows } = await pool.query<{ fact: VariableFact }>({
    name: 'variable-facts',
    text: `select f.fact from runtime.history h, jsonb_array_elements(h.facts) with ordinality as f (fact, position)
      where h.process_instance_id = $1 and (f.fact ->> 'type' = 'variables' or f.fact ->> 'id' = $2)
      order by h.seq, f.position`,
    values: [instanceId, taskInstanceId],
  });
  return rows.map(({ fact }) => fact);
};

/** Copies the large values of a run to a new one, whose rows will name some of them; what no row names is forgotten later. */
export const copyLargeValues = async (pool: Pool, from: string, to: string): Promise<void> => {
  await pool.query({
    name: 'copy-large-values',
    text: `insert into runtime.large_value (process_instance_id, sha256, chunk, data)
      select $2, sha256, chunk, data from runtime.large_value where process_instance_id = $1 on conflict do nothing`,
    values: [from, to],
  });
};
