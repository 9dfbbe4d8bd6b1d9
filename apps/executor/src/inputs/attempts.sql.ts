import type { FailureReason, TaskStatus } from '@orderlines/contracts';
import type { HeldAttempt } from '@orderlines/messaging';
import type { Pool } from 'pg';

/** What a row says about an attempt. */
export interface AttemptState {
  readonly instanceId: string;
  readonly id: string;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly dispatch: number;
  readonly token: string | null;
  /** While RUNNING: why its worker has been told to stop it. */
  readonly reason: FailureReason | null;
}

const STATE = `t.process_instance_id as "instanceId", t.id, t.status, t.attempt, t.dispatch, t.token, t.reason`;

/** The rows of attempts that a worker names. */
export const readHeldAttempts = async (pool: Pool, held: readonly HeldAttempt[]): Promise<AttemptState[]> => {
  if (held.length === 0) return [];
  const { rows } = await pool.query<AttemptState>({
    name: 'held-attempts',
    text: `select ${STATE} from unnest($1::uuid[], $2::uuid[]) as u (process_instance_id, id)
      join runtime.task_instance t on t.process_instance_id = u.process_instance_id and t.id = u.id`,
    values: [held.map((attempt) => attempt.instanceId), held.map((attempt) => attempt.taskInstanceId)],
  });
  return rows;
};

/** Attempts that a session claimed at least so many milliseconds ago and that have not ended. */
export const readClaimedAttempts = async (pool: Pool, session: string, olderThanMs: number): Promise<AttemptState[]> => {
  const { rows } = await pool.query<AttemptState>({
    name: 'claimed-attempts',
    text: `select ${STATE} from runtime.task_instance t
      where t.session_id = $1 and t.status = 'RUNNING' and t.started_at < now() - $2::int * interval '1 millisecond'`,
    values: [session, olderThanMs],
  });
  return rows;
};

/** A shared folder's name: its run, and for a group's folder the group's execution and attempt. */
const FOLDER = /^([0-9a-f-]{36})(?:-([0-9a-f-]{36})-(\d{1,9}))?$/;

/** Those of the shared folders on a worker that nothing will need again: their run or group has ended, teardown included. */
export const readEndedWorkspaces = async (pool: Pool, folders: readonly string[]): Promise<string[]> => {
  const named = folders.flatMap((folder) => {
    const [, instanceId, groupId, attempt] = FOLDER.exec(folder) ?? [];
    return instanceId === undefined
      ? []
      : [{ folder, instanceId, groupId: groupId ?? null, attempt: attempt === undefined ? null : Number(attempt) }];
  });
  if (named.length === 0) return [];
  const { rows } = await pool.query<{ folder: string }>({
    name: 'ended-workspaces',
    text: `select u.folder from unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[]) as u (folder, instance_id, group_id, attempt)
      left join runtime.process_instance p on p.id = u.instance_id
      left join runtime.task_instance t on t.process_instance_id = u.instance_id and t.id = u.group_id
      where p.id is null or p.phase = 'done'
        or (u.group_id is not null and (t.id is null or t.attempt > u.attempt or t.status in ('SUCCESS', 'FAILURE', 'SKIP', 'STOP')))`,
    values: [
      named.map(({ folder }) => folder),
      named.map(({ instanceId }) => instanceId),
      named.map(({ groupId }) => groupId),
      named.map(({ attempt }) => attempt),
    ],
  });
  return rows.map(({ folder }) => folder);
};

/** An attempt whose worker was not heard of for longer than its lease, or whose session is over. */
export interface ExpiredAttempt extends AttemptState {
  readonly worker: string | null;
  /** Epoch milliseconds at which the lease ran out or the session ended. */
  readonly dueAt: number;
  /** The session has ended by its own or its successor's word: nobody need be waited for. */
  readonly isOver: boolean;
}

/** Running attempts whose session is over, silent, or was never heard of. */
export const readExpiredAttempts = async (pool: Pool, leaseMs: number): Promise<ExpiredAttempt[]> => {
  const { rows } = await pool.query<ExpiredAttempt>({
    name: 'expired-attempts',
    text: `select ${STATE}, t.worker, s.ended_at is not null as "isOver",
        (extract(epoch from coalesce(s.ended_at, coalesce(s.seen_at, t.started_at) + $1::int * interval '1 millisecond')) * 1000)::float8 as "dueAt"
      from runtime.task_instance t left join runtime.worker_session s on s.id = t.session_id
      where t.status = 'RUNNING' and t.session_id is not null
        and (s.ended_at is not null or coalesce(s.seen_at, t.started_at) < now() - $1::int * interval '1 millisecond')
      limit 1000`,
    values: [leaseMs],
  });
  return rows;
};

/** A run that waits for the worker which holds its folder. */
export interface LostWorkspace {
  readonly instanceId: string;
  readonly worker: string;
}

/** Runs with queued tasks bound to a worker that has been silent for so many milliseconds. */
export const readLostWorkspaces = async (pool: Pool, silentMs: number): Promise<LostWorkspace[]> => {
  const { rows } = await pool.query<LostWorkspace>({
    name: 'lost-workspaces',
    text: `select distinct t.process_instance_id as "instanceId", t.worker from runtime.task_instance t
      where t.status = 'PENDING' and t.worker is not null and t.workspace is not null
        and t.ready_at < now() - $1::int * interval '1 millisecond'
        and not exists (select from runtime.worker_session s where s.worker = t.worker and s.seen_at > now() - $1::int * interval '1 millisecond')
      limit 1000`,
    values: [silentMs],
  });
  return rows;
};
