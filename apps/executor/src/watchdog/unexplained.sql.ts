import type { Pool } from 'pg';

/** Something of a run that neither moves nor says what it waits for. */
export interface Unexplained {
  readonly instanceId: string;
  /** Null: the run as a whole. */
  readonly taskInstanceId: string | null;
  readonly path: string | null;
  readonly status: string;
}

const LIMIT = 100;
const ENDED = `('SUCCESS', 'FAILURE', 'STOP')`;
const OPEN = (task: string) =>
  `(${task}.status in ('PENDING', 'RUNNING', 'WAITING', 'RETRY') or (${task}.status = 'FAILURE' and ${task}.waits_for is not null))`;
const NOT_PARKED = `not exists (select from runtime.parked_event e where e.process_instance_id = i.id)`;
/** A transition too long for one step goes on by itself. */
const NO_CONTINUATION = `not exists (select from runtime.timer w where w.process_instance_id = i.id and w.kind = 'continue')`;

/** What a row of an execution says when something is wrong with it: nothing waits for it, wakes it, holds it or runs inside. */
const TASKS = `select t.process_instance_id as "instanceId", t.id as "taskInstanceId", t.path, t.status
  from runtime.task_instance t join runtime.process_instance i on i.id = t.process_instance_id
  where t.status in ('PENDING', 'RUNNING', 'WAITING', 'RETRY') and ${NOT_PARKED} and (
    (i.status in ${ENDED} and t.kind <> 'callback')
    or (t.status = 'PENDING' and t.queue is null)
    or (t.status in ('WAITING', 'RETRY') and t.waits_for is null)
    or (t.status in ('WAITING', 'RETRY') and t.waits_for ->> 'kind' in ('retry', 'timer') and i.status <> 'PAUSED'
      and not exists (select from runtime.timer w where w.process_instance_id = t.process_instance_id and w.task_instance_id = t.id))
    or (t.status = 'RUNNING' and t.session_id is null and i.status <> 'PAUSED' and ${NO_CONTINUATION}
      and not exists (select from runtime.task_instance c
        where c.process_instance_id = t.process_instance_id and c.parent_id = t.id and ${OPEN('c')}))
  ) limit ${LIMIT}`;

/** A run that is to move and has nothing that could. */
const RUNS = `select i.id as "instanceId", null as "taskInstanceId", null as path, i.status
  from runtime.process_instance i
  where i.status in ('PENDING', 'RUNNING', 'PAUSED') and i.waits_for is null and ${NOT_PARKED} and ${NO_CONTINUATION}
    and not exists (select from runtime.task_instance t where t.process_instance_id = i.id and ${OPEN('t')}) limit ${LIMIT}`;

/** Reads what breaks the invariant that no active row exists without a reason or a lease; each statement sees whole transactions only. */
export const readUnexplained = async (pool: Pool): Promise<Unexplained[]> => {
  const [tasks, runs] = await Promise.all([
    pool.query<Unexplained>({ name: 'unexplained-tasks', text: TASKS }),
    pool.query<Unexplained>({ name: 'unexplained-runs', text: RUNS }),
  ]);
  return [...tasks.rows, ...runs.rows];
};
