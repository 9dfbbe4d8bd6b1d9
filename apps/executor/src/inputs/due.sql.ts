import type { TimerRow } from '@orderlines/process-engine';
import type { Pool } from 'pg';
import { asMilliseconds } from '../store/columns.js';

/** Something whose time has come, with the moment it began to wait (epoch milliseconds, Postgres's clock). */
export interface Due {
  readonly instanceId: string;
  readonly dueAt: number;
  readonly madeAt: number;
}

/** A due row of the timer table. */
export interface DueTimer extends Due {
  readonly id: string;
  readonly kind: TimerRow['kind'];
}

/** A task instance whose deadline has passed. */
export interface DueTask extends Due {
  readonly id: string;
  readonly attempt: number;
  readonly status: string;
}

/** Everything that is due, read without a lock; runs with a parked event wait. */
export interface DueNow {
  readonly now: number;
  readonly timers: readonly DueTimer[];
  readonly tasks: readonly DueTask[];
  readonly processes: readonly Due[];
}

const LIMIT = 1_000;
const NOT_PARKED = (column: string) => `not exists (select from runtime.parked_event e where e.process_instance_id = ${column})`;
/** The first 48 bits of a UUIDv7 are its making, in milliseconds. */
const madeAt = (column: string) =>
  `('x' || lpad(translate(left(${column}::text, 13), '-', ''), 16, '0'))::bit(64)::bigint::float8 as "madeAt"`;

const TIMERS = `select process_instance_id as "instanceId", id, kind, ${asMilliseconds('due_at', '"dueAt"')}, ${madeAt('id')}
  from runtime.timer where due_at <= now() and ${NOT_PARKED('process_instance_id')} order by due_at limit ${LIMIT}`;

const TASKS = `select process_instance_id as "instanceId", id, attempt, status, ${asMilliseconds('deadline_at', '"dueAt"')},
    ${asMilliseconds(`coalesce(case when status = 'PENDING' then ready_at else started_at end, created_at)`, '"madeAt"')}
  from runtime.task_instance t
  where deadline_at <= now() and status in ('PENDING', 'RUNNING', 'WAITING', 'RETRY') and ${NOT_PARKED('t.process_instance_id')}
    -- a signal that came in time is on its way
    and not (type = 'wait' and exists (select from runtime.signal_wait w where w.process_instance_id = t.process_instance_id
      and w.task_instance_id = t.id and w.attempt = t.attempt and w.signal_id is not null))
  order by deadline_at limit ${LIMIT}`;

const PROCESSES = `select id as "instanceId", ${asMilliseconds('deadline_at', '"dueAt"')}, ${asMilliseconds('created_at', '"madeAt"')}
  from runtime.process_instance
  where deadline_at <= now() and status in ('PENDING', 'RUNNING', 'PAUSED') and ${NOT_PARKED('id')} order by deadline_at limit ${LIMIT}`;

/** Reads what is due. */
export const readDue = async (pool: Pool): Promise<DueNow> => {
  const [clock, timers, tasks, processes] = await Promise.all([
    pool.query<{ now: number }>({ name: 'due-now', text: 'select (extract(epoch from now()) * 1000)::float8 as now' }),
    pool.query<DueTimer>({ name: 'due-timers', text: TIMERS }),
    pool.query<DueTask>({ name: 'due-tasks', text: TASKS }),
    pool.query<Due>({ name: 'due-processes', text: PROCESSES }),
  ]);
  return { now: clock.rows[0]?.now ?? 0, timers: timers.rows, tasks: tasks.rows, processes: processes.rows };
};
