import type { JsonObject } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { processToStart } from './process-to-start.js';
import type { HeldStart, SettledStart } from './start-attempt.js';

/** A slot whose run is to be started, held for the length of a lease. */
export interface SlotToStart extends HeldStart {
  readonly scheduleId: string;
  readonly series: string;
  readonly slotAt: Date;
  readonly dueAt: Date;
  readonly params: JsonObject;
  readonly namespace: string;
  readonly name: string;
}

const PROCESS = processToStart('s');

/** Takes slots whose runs are to be started and that nobody holds, the longest due first. */
export const takeStarts = async (pool: Pool, now: number, leaseMs: number, limit: number): Promise<SlotToStart[]> => {
  const { rows } = await pool.query<SlotToStart>({
    name: 'take-starts',
    text: `with taken as (
        update schedule.slot o set retry_at = $2
          from (select id from schedule.slot where status = 'starting' and retry_at <= $1 order by retry_at limit $3 for update skip locked) due
          where o.id = due.id returning o.*)
      select o.id, o.schedule_id as "scheduleId", o.series, o.slot_at as "slotAt", o.due_at as "dueAt", o.params, s.namespace, s.name,
          ${PROCESS.columns}
        from taken o join schedule.schedule s on s.id = o.schedule_id ${PROCESS.joins}`,
    values: [new Date(now), new Date(now + leaseMs), limit],
  });
  return rows;
};

/** Writes what became of starts; schedules that pause on failure do so on a refusal. */
export const settleStarts = async (pool: Pool, settled: readonly SettledStart[], now: number): Promise<void> => {
  await pool.query({
    name: 'settle-starts',
    text: `with settled as (
        update schedule.slot o set params = null, retry_at = null, instance_id = u."instanceId", reason = u.reason, message = u.message,
            status = case when u."instanceId" is null then 'refused' else 'running' end,
            stop = case when u."instanceId" is null then null else o.stop end,
            started_at = case when u."instanceId" is not null then $2::timestamptz end,
            finished_at = case when u."instanceId" is null then $2::timestamptz end,
            tell_at = case when u."instanceId" is null and s.callbacks <> '[]' then $2::timestamptz end
          from jsonb_to_recordset($1::jsonb) as u (id uuid, "instanceId" uuid, reason text, message text), schedule.schedule s
          where o.id = u.id and o.status = 'starting' and s.id = o.schedule_id
          returning o.schedule_id, o.status, o.slot_at, o.message)
      update schedule.schedule s set state = 'paused', state_by = 'service:scheduler', state_at = $2, next_slot_at = null, next_due_at = null,
          note = 'paused on failure: ' || r.message
        from settled r where s.id = r.schedule_id and r.status = 'refused' and s.pause_on_failure and s.state = 'active'`,
    values: [JSON.stringify(settled), new Date(now)],
  });
};

/** Lets starts that could not be made be taken up again from a moment on. */
export const postponeStarts = async (pool: Pool, ids: readonly string[], until: number): Promise<void> => {
  await pool.query(`update schedule.slot set retry_at = $2 where id = any($1::uuid[]) and status = 'starting'`, [ids, new Date(until)]);
};
