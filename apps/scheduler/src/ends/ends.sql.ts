import type { SlotStatus } from '@orderlines/contracts';
import type { Pool } from 'pg';

/** Slots looked at from a place on, and where to go on; null: from the beginning. */
export interface EndsFound {
  readonly statuses: readonly SlotStatus[];
  readonly cursor: string | null;
}

const NONE = '00000000-0000-0000-0000-000000000000';

/** Writes the ends of runs into the ledger, looking at so many running slots behind a place; each is one look at a run's key. */
export const settleEnds = async (pool: Pool, cursor: string | null, limit: number, now: number): Promise<EndsFound> => {
  const { rows } = await pool.query<{ last: string | null; looked: number; statuses: SlotStatus[] | null }>({
    name: 'settle-ends',
    text: `with looked as materialized (
        select o.id, o.instance_id from schedule.slot o where o.status = 'running' and o.instance_id > $1 order by o.instance_id limit $2),
      ended as materialized (
        select o.id, p.status, p.finished_at, p.number, p.error ->> 'message' as error
          from looked l join runtime.process_instance p on p.id = l.instance_id join schedule.slot o on o.id = l.id and o.status = 'running'
          where p.status in ('SUCCESS', 'FAILURE', 'STOP') and p.finished_at is not null for update of o skip locked),
      settled as (
        update schedule.slot o set finished_at = e.finished_at, stop = null, message = e.error,
            status = case e.status when 'SUCCESS' then 'succeeded' when 'FAILURE' then 'failed' else 'stopped' end,
            tell_at = case when s.callbacks <> '[]' then $3::timestamptz end
          from ended e, schedule.schedule s where o.id = e.id and s.id = o.schedule_id
          returning o.schedule_id, o.status, e.number, o.message),
      failed as (select schedule_id, min(number) as number from settled where status = 'failed' group by schedule_id),
      paused as (
        update schedule.schedule s set state = 'paused', state_by = 'service:scheduler', state_at = $3, next_slot_at = null,
            next_due_at = null, note = 'paused on failure: run ' || f.number || ' failed'
          from failed f where s.id = f.schedule_id and s.pause_on_failure and s.state = 'active')
      select (select max(instance_id::text) from looked) as last, (select count(*) from looked)::int as looked,
        (select array_agg(status) from settled) as statuses`,
    values: [cursor ?? NONE, limit, new Date(now)],
  });
  const [row] = rows;
  return { statuses: row?.statuses ?? [], cursor: row !== undefined && row.looked === limit ? row.last : null };
};

/** Lets the first waiting slot of each schedule start that has nothing running; gives how many. */
export const startWaiting = async (pool: Pool, limit: number, now: number): Promise<number> => {
  const { rowCount } = await pool.query({
    name: 'start-waiting',
    text: `update schedule.slot o set status = 'starting', retry_at = $1
      from (select distinct on (w.schedule_id) w.id from schedule.slot w
        where w.status = 'waiting' and not exists (
          select from schedule.slot a where a.schedule_id = w.schedule_id and a.series = 'schedule' and a.status in ('starting', 'running'))
        order by w.schedule_id, w.slot_at limit $2) free
      where o.id = free.id and o.status = 'waiting'`,
    values: [new Date(now), limit],
  });
  return rowCount ?? 0;
};

/** A run that is to be stopped for a later slot. */
export interface RunToStop {
  readonly id: string;
  readonly instanceId: string;
  readonly name: string;
  readonly stop: 'stop' | 'force';
}

/** Runs that are to be stopped for later slots. */
export const readStops = async (pool: Pool, limit: number): Promise<RunToStop[]> => {
  const { rows } = await pool.query<RunToStop>({
    name: 'runs-to-stop',
    text: `select o.id, o.instance_id as "instanceId", s.namespace || '/' || s.name as name, o.stop
      from schedule.slot o join schedule.schedule s on s.id = o.schedule_id
      where o.stop is not null and o.status = 'running' limit $1`,
    values: [limit],
  });
  return rows;
};

/** Notes that a run was asked to stop. */
export const stopAsked = async (pool: Pool, id: string): Promise<void> => {
  await pool.query('update schedule.slot set stop = null where id = $1', [id]);
};
