import type { SlotStatus } from '@orderlines/contracts';
import type { PoolClient } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { SUPERSEDED, type Decision } from './decide-slots.js';

/** Who changes the state of a schedule when nobody did. */
export const SCHEDULER = 'service:scheduler';

/** A schedule and what was decided of it. */
export interface Decided {
  readonly scheduleId: string;
  readonly decision: Decision;
}

const at = (moment: number | undefined | null): string | null => (moment == null ? null : new Date(moment).toISOString());

/** Writes decisions: rows of the ledger, and schedules that go on behind them. A slot that the ledger has already stays as it is. */
export const writeDecisions = async (client: PoolClient, decided: readonly Decided[], now: number): Promise<SlotStatus[]> => {
  const moment = new Date(now);
  const slots = decided.flatMap(({ scheduleId, decision }) =>
    decision.slots.map((slot) => ({
      id: uuidV7(),
      schedule_id: scheduleId,
      slot_at: at(slot.at),
      slot_until: at(slot.until),
      due_at: at(slot.dueAt),
      status: slot.status,
      reason: slot.reason ?? null,
      message: slot.message ?? null,
    })),
  );
  const replaced = decided.flatMap(({ scheduleId, decision }) =>
    decision.replaced === undefined ? [] : [{ id: scheduleId, by: at(decision.replaced.by), stop: decision.replaced.stop }],
  );
  if (replaced.length > 0) await client.query({ ...REPLACE, values: [JSON.stringify(replaced), moment] });
  const { rows } = await client.query<{ status: SlotStatus }>({ ...INSERT_SLOTS, values: [JSON.stringify(slots), moment] });
  const schedules = decided.map(({ scheduleId, decision }) => ({
    id: scheduleId,
    next_slot_at: at(decision.next?.at),
    next_due_at: at(decision.next?.dueAt),
    remaining: decision.remaining,
    ended: decision.ended ?? null,
  }));
  await client.query({ ...UPDATE_SCHEDULES, values: [JSON.stringify(schedules), moment, SCHEDULER] });
  return rows.map(({ status }) => status);
};

const INSERT_SLOTS = {
  name: 'insert-slots',
  text: `insert into schedule.slot (id, schedule_id, series, slot_at, slot_until, due_at, status, reason, message, params,
      retry_at, tell_at, created_at, finished_at)
    select n.id, n.schedule_id, 'schedule', n.slot_at, n.slot_until, n.due_at, n.status, n.reason, n.message,
      case when n.status <> 'skipped' then s.params end, case when n.status = 'starting' then $2::timestamptz end,
      case when n.status = 'skipped' and s.callbacks <> '[]' then $2::timestamptz end, $2,
      case when n.status = 'skipped' then $2::timestamptz end
    from jsonb_to_recordset($1::jsonb) as n (id uuid, schedule_id uuid, slot_at timestamptz, slot_until timestamptz, due_at timestamptz,
        status text, reason text, message text)
      join schedule.schedule s on s.id = n.schedule_id
    on conflict (schedule_id, series, slot_at) do nothing returning status`,
};

const UPDATE_SCHEDULES = {
  name: 'update-fired-schedules',
  text: `update schedule.schedule s set next_slot_at = u.next_slot_at, next_due_at = u.next_due_at, remaining = u.remaining,
      state = case when u.ended is null then s.state else 'ended' end, note = coalesce(u.ended, s.note),
      state_by = case when u.ended is null then s.state_by else $3 end, state_at = case when u.ended is null then s.state_at else $2 end
    from jsonb_to_recordset($1::jsonb) as u (id uuid, next_slot_at timestamptz, next_due_at timestamptz, remaining int, ended text)
    where s.id = u.id`,
};

const REPLACE = {
  name: 'replace-slots',
  text: `update schedule.slot o set
      stop = case when o.status in ('starting', 'running') then u.stop end,
      status = case when o.status = 'waiting' then 'skipped' else o.status end,
      reason = case when o.status = 'waiting' then '${SUPERSEDED.reason}' end,
      message = case when o.status = 'waiting' then '${SUPERSEDED.message}' end,
      params = case when o.status = 'waiting' then null else o.params end,
      tell_at = case when o.status = 'waiting' and s.callbacks <> '[]' then $2::timestamptz end,
      finished_at = case when o.status = 'waiting' then $2::timestamptz end
    from jsonb_to_recordset($1::jsonb) as u (id uuid, by timestamptz, stop text) join schedule.schedule s on s.id = u.id
    where o.schedule_id = u.id and o.series = 'schedule' and o.status in ('waiting', 'starting', 'running') and o.slot_at <> u.by`,
};

/** Ends schedules whose plan cannot be kept any more, so that they do not come due for ever. */
export const endUnreadable = async (client: PoolClient, ids: readonly string[], now: number): Promise<void> => {
  await client.query(
    `update schedule.schedule set state = 'paused', note = 'its plan cannot be kept any more: was a calendar of it removed?',
        state_by = $2, state_at = $3, next_slot_at = null, next_due_at = null where id = any($1::uuid[])`,
    [ids, SCHEDULER, new Date(now)],
  );
};
