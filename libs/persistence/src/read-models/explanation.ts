import {
  isTerminalProcess,
  waitAdvice,
  type ExplainedWait,
  type Explanation,
  type Phase,
  type ProcessStatus,
  type WaitReason,
  type WaitsFor,
} from '@orderlines/contracts';
import type { Pool } from 'pg';
import { parkedColumn, parkedReason, shown, WAIT_COLUMNS, waitReason, type Parked, type WaitingRow } from './wait-reason.js';

const IS_OPEN = `(t.status in ('PENDING', 'RUNNING', 'WAITING', 'RETRY') or (t.status = 'FAILURE' and t.waits_for is not null))`;

interface RunRow {
  readonly status: ProcessStatus;
  readonly phase: Phase;
  readonly waits_for: WaitsFor | null;
  readonly created_at: Date;
  readonly parked: Parked | null;
  /** When a transition too long for one step goes on. */
  readonly continues_at: Date | null;
  /** True: not one execution is open. */
  readonly is_still: boolean;
}

const RUN = `select i.status, i.phase, i.waits_for, i.created_at, ${parkedColumn('i.id', 'i.finished_at is null')},
    (select min(w.due_at) from runtime.timer w where w.process_instance_id = i.id and w.kind = 'continue') as continues_at,
    not exists (select from runtime.task_instance t where t.process_instance_id = i.id and t.process_instance_id = $1 and ${IS_OPEN}) as is_still
  from runtime.process_instance i where i.id = $1`;

interface OpenTaskRow extends WaitingRow {
  readonly id: string;
  readonly path: string;
  readonly attempt: number;
}

const OPEN_TASKS = `select t.id, t.path, t.kind, t.type, t.status, t.reason, t.queue, t.worker, t.attempt, t.created_at, t.ready_at, t.started_at,
    ${WAIT_COLUMNS}
  from runtime.task_instance t join runtime.process_instance i on i.id = t.process_instance_id
  where t.process_instance_id = $1 and i.id = $1 and ${IS_OPEN}
  order by t.id limit 1000`;

/** What a run does and what in it waits, why, since when, and what to do; null when there is no such run. */
export const explainInstance = async (pool: Pool, id: string): Promise<Explanation | null> => {
  const { rows: runs } = await pool.query<RunRow>(RUN, [id]);
  const [run] = runs;
  if (!run) return null;
  const { rows: tasks } = await pool.query<OpenTaskRow>(OPEN_TASKS, [id]);
  const explained = (task: { readonly id: string; readonly path: string } | null, reason: WaitReason): ExplainedWait => ({
    taskInstanceId: task?.id ?? null,
    path: task?.path ?? null,
    reason: shown(reason),
    advice: waitAdvice(reason, id),
  });
  const waiting = tasks.flatMap((task) => {
    const reason = waitReason(task);
    return reason ? [explained(task, reason)] : [];
  });
  const running = tasks.filter((task) => task.status === 'RUNNING' && task.session_id !== null && !waitReason(task));
  const ofRun = await withHolders(pool, id, runReason(run));
  return {
    id,
    status: run.status,
    phase: run.phase,
    running: running.map(({ id: taskInstanceId, path, attempt, worker, started_at }) => {
      return { taskInstanceId, path, attempt, worker, since: started_at?.toISOString() ?? null };
    }),
    waits: [...(ofRun ? [explained(null, ofRun)] : []), ...waiting],
  };
};

const runReason = ({ status, waits_for, parked, continues_at, is_still, created_at }: RunRow): WaitReason | undefined => {
  if (isTerminalProcess(status)) return undefined;
  if (parked) return parkedReason(parked);
  if (waits_for) return waits_for;
  const since = created_at.toISOString();
  if (continues_at) return { kind: 'timer', since, until: continues_at.toISOString() };
  return is_still ? { kind: 'unexplained', since } : undefined;
};

/** Runs that hold a slot of the key this one waits for; a child of one of them shares its slot. */
const HOLDERS = `select h.id from runtime.process_instance i
  join runtime.process_instance h on h.namespace = i.namespace and h.slot_key = i.slot_key and h.slot_key is not null
    and h.status in ('PENDING', 'RUNNING', 'PAUSED') and h.phase <> 'queued'
  where i.id = $1 order by h.id limit 20`;

const withHolders = async (pool: Pool, id: string, reason: WaitReason | undefined): Promise<WaitReason | undefined> => {
  if (reason?.kind !== 'slot') return reason;
  const { rows } = await pool.query<{ id: string }>(HOLDERS, [id]);
  return { ...reason, heldBy: rows.map((holder) => holder.id) };
};
