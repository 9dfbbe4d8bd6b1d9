import type { ApprovalAnswer, ApprovalView, FormField, TaskStatus, WaitsFor } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from './conditions.js';
import { andOfRunsWithin, type Limited } from './row-limits.js';
import { decodeCursor, toPage, UUID, type Page, type PageRequest } from './page.js';

/** Which approvals. */
export interface ApprovalFilter extends Limited {
  readonly instanceId?: string;
  readonly status?: TaskStatus;
  /** Those that wait for somebody. */
  readonly waitingFor?: Asked;
}

/** Somebody who may be asked, in the words in which rows name candidates (`candidateKeys` of the engine). */
export interface Asked {
  /** The user, roles and groups that this person is, e.g. `user:alice`. */
  readonly keys: readonly string[];
  /** The one of them that is the user. */
  readonly userKey: string;
  /** May answer what others are asked. */
  readonly administrator: boolean;
}

/** An approval as it is stored; whether somebody may answer it is the engine's to say. */
export interface StoredApproval extends Omit<ApprovalView, 'mayAnswer'> {
  readonly candidates: readonly string[];
  readonly excluded?: string;
}

interface ApprovalRow {
  readonly process_instance_id: string;
  readonly id: string;
  readonly node_id: string;
  readonly path: string;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly input: {
    readonly title: string;
    readonly message: string;
    readonly candidates: readonly string[];
    readonly excluded?: string;
    readonly quorum: ApprovalView['quorum'];
    readonly need: number;
    readonly form: FormField[];
  } | null;
  readonly result: { readonly decision: ApprovalView['decision']; readonly answers: ApprovalAnswer[] } | null;
  readonly waits_for: WaitsFor | null;
  readonly started_at: Date | null;
  readonly deadline_at: Date | null;
  readonly finished_at: Date | null;
  readonly namespace: string;
  readonly process_name: string;
  readonly number: number;
  readonly started_by: string;
}

/** Approvals, those of newer runs first, in a run the newest first. Throws `InvalidCursor`. */
export const listApprovals = async (pool: Pool, filter: ApprovalFilter, page: PageRequest): Promise<Page<StoredApproval>> => {
  const where = new Conditions();
  where.and(`t.type = 'approval'`);
  where.equal('t.process_instance_id', filter.instanceId);
  where.equal('t.status', filter.status);
  andOfRunsWithin(where, filter.limits, 't.process_instance_id');
  if (filter.waitingFor) andWaitsFor(where, filter.waitingFor);
  if (page.cursor !== undefined) {
    const [instanceId, id] = decodeCursor(page.cursor, [UUID, UUID]);
    where.and(`(t.process_instance_id, t.id) < (${where.value(instanceId)}, ${where.value(id)})`);
  }
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<ApprovalRow>(
    `select t.process_instance_id, t.id, t.node_id, t.path, t.status, t.attempt, t.input, t.result, t.waits_for,
        t.started_at, t.deadline_at, t.finished_at, i.namespace, i.process_name, i.number, i.started_by
       from (select * from runtime.task_instance t${where} order by t.process_instance_id desc, t.id desc limit ${limit}) t
       join runtime.process_instance i on i.id = t.process_instance_id
      order by t.process_instance_id desc, t.id desc`,
    where.values,
  );
  return toPage(rows, page.limit, toApproval, (row) => [row.process_instance_id, row.id]);
};

const andWaitsFor = (where: Conditions, { keys, userKey, administrator }: Asked): void => {
  where.equal('t.status', 'WAITING');
  if (!administrator) where.and(`t.input->'candidates' ?| ${where.value(keys)}`);
  const user = where.value(userKey);
  where.and(`t.input->>'excluded' is distinct from ${user}`);
  where.and(`not exists (select from jsonb_array_elements(t.result->'answers') a where 'user:' || lower(a->>'user') = ${user})`);
};

const toApproval = (row: ApprovalRow): StoredApproval => {
  const { title = row.node_id, message = '', candidates = [], excluded, quorum = 'any', need = 1, form = [] } = row.input ?? {};
  const { decision = null, answers = [] } = row.result ?? {};
  const approvals = answers.filter((answer) => answer.decision === 'approve').length;
  return {
    instanceId: row.process_instance_id,
    taskId: row.id,
    nodeId: row.node_id,
    title,
    path: row.path,
    namespace: row.namespace,
    process: row.process_name,
    number: row.number,
    startedBy: row.started_by,
    status: row.status,
    attempt: row.attempt,
    message,
    users: named(candidates, 'user:'),
    roles: named(candidates, 'role:'),
    groups: named(candidates, 'group:'),
    quorum,
    have: row.waits_for?.kind === 'approval' ? row.waits_for.answered : Math.min(need, approvals),
    need,
    form,
    answers,
    decision,
    askedAt: row.started_at?.toISOString() ?? null,
    deadlineAt: row.deadline_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    candidates,
    ...(excluded !== undefined && { excluded }),
  };
};

const named = (candidates: readonly string[], kind: string): string[] =>
  candidates.filter((candidate) => candidate.startsWith(kind)).map((candidate) => candidate.slice(kind.length));
