import {
  isTerminalProcess,
  waitReasonText,
  type ProcessStatus,
  type ShownWaitReason,
  type TaskStatus,
  type WaitReason,
  type WaitsFor,
} from '@orderlines/contracts';

/** A worker that was not heard of for longer does not count as live: the lease. */
const LEASE = `interval '30 seconds'`;

/** Facts about an execution (`t`) of a run (`i`) from which its reason to wait is found. */
export const WAIT_COLUMNS = `i.status as instance_status, i.waits_for as instance_waits_for, t.waits_for,
  case when t.status = 'RUNNING' then t.session_id end as session_id,
  t.status = 'PENDING' and exists (select from runtime.worker_session s
    where s.ended_at is null and s.seen_at > now() - ${LEASE} and not s.draining and t.queue = any (s.queues)
      and (t.worker is null or t.worker = s.worker)) as has_worker,
  case when t.status = 'RUNNING' and t.session_id is not null then
    (select s.seen_at from runtime.worker_session s where s.id = t.session_id) end as worker_seen_at,
  t.status = 'RUNNING' and t.session_id is not null and not exists (select from runtime.worker_session s
    where s.id = t.session_id and s.ended_at is null and s.seen_at > now() - ${LEASE}) as is_silent,
  ${parkedColumn('t.process_instance_id', `t.finished_at is null or t.waits_for is not null`)}`;

/** The oldest event of a run that could not be applied; looked for only where something could wait for it. */
export function parkedColumn(instanceId: string, condition: string): string {
  return `case when ${condition} then (select jsonb_build_object('at', to_char(e.parked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'error', e.error) from runtime.parked_event e where e.process_instance_id = ${instanceId} order by e.parked_at limit 1) end as parked`;
}

/** A row of {@link WAIT_COLUMNS}, and what else the reason depends on. */
export interface WaitingRow {
  readonly kind: 'node' | 'callback';
  readonly type: string;
  readonly status: TaskStatus;
  readonly reason: string | null;
  readonly queue: string | null;
  readonly worker: string | null;
  readonly ready_at: Date | null;
  readonly started_at: Date | null;
  readonly created_at: Date;
  readonly instance_status: ProcessStatus;
  readonly instance_waits_for: WaitsFor | null;
  readonly waits_for: WaitsFor | null;
  readonly session_id: string | null;
  /** True: a worker that could take it has given a sign of life within the lease. */
  readonly has_worker: boolean;
  readonly worker_seen_at: Date | null;
  /** True: its worker has not given one. */
  readonly is_silent: boolean;
  readonly parked: Parked | null;
}

/** An event that could not be applied. */
export interface Parked {
  readonly at: string;
  readonly error: string;
}

/**
 * Why an execution does not move; undefined when it does (a worker runs it, or nodes inside it do) or is over. The one place that decides:
 * what the engine knows lies in `waits_for`, the rest is added from its surroundings.
 */
export const waitReason = (row: WaitingRow): WaitReason | undefined => {
  if (row.status !== 'FAILURE' && isOver(row)) return undefined;
  if (row.status === 'FAILURE' && (row.waits_for === null || isTerminalProcess(row.instance_status))) return undefined;
  if (row.parked) return parkedReason(row.parked);
  const paused = row.kind === 'node' ? pauseOf(row.instance_waits_for) : undefined;
  switch (row.status) {
    case 'PENDING':
      return paused ?? pendingReason(row);
    case 'RUNNING':
      return runningReason(row);
    default:
      return paused !== undefined && isDue(row.waits_for)
        ? paused
        : (row.waits_for ?? { kind: 'unexplained', since: timeOf(row.created_at) });
  }
};

/** The reason that an event which could not be applied is for everything in its run. */
export const parkedReason = ({ at, error }: Parked): WaitReason => ({ kind: 'parked', since: at, error });

/** The reason with its text, as of now. */
export const shown = (reason: WaitReason): ShownWaitReason => ({ ...reason, text: waitReasonText(reason, Date.now()) });

const isOver = ({ status }: WaitingRow): boolean => status === 'SUCCESS' || status === 'SKIP' || status === 'STOP';

const pauseOf = (waitsFor: WaitsFor | null): WaitReason | undefined => (waitsFor?.kind === 'paused' ? waitsFor : undefined);

/** What comes due during a pause waits for its end. */
const isDue = (waitsFor: WaitsFor | null): boolean =>
  (waitsFor?.kind === 'retry' || waitsFor?.kind === 'timer') && Date.parse(waitsFor.until) <= Date.now();

const pendingReason = ({ queue, worker, has_worker, ready_at, created_at }: WaitingRow): WaitReason => {
  const since = timeOf(ready_at ?? created_at);
  if (queue === null) return { kind: 'unexplained', since };
  if (worker !== null) return { kind: 'folder', since, worker, alive: has_worker };
  return has_worker ? { kind: 'queued', since, queue } : { kind: 'no-worker', since, queue };
};

const runningReason = ({ session_id, worker, reason, is_silent, worker_seen_at, started_at }: WaitingRow): WaitReason | undefined => {
  if (session_id === null || worker === null) return undefined;
  if (is_silent) return { kind: 'silent-worker', since: timeOf(worker_seen_at ?? started_at), worker };
  // An attempt that runs has a reason only when its worker has been told to stop it.
  return reason === null ? undefined : { kind: 'stopping', since: timeOf(started_at), worker };
};

const timeOf = (at: Date | null): string | null => at?.toISOString() ?? null;
