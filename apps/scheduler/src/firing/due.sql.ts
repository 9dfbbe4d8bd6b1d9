import type { MissedPolicy, OverlapPolicy, SchedulePlan } from '@orderlines/contracts';
import type { PoolClient } from 'pg';
import type { StoredPlan } from '../timetables.js';
import type { Standing } from './overlap.js';

/** A schedule that is locked until the end of the transaction. */
export interface LockedSchedule extends StoredPlan {
  readonly overlap: OverlapPolicy;
  readonly overlapLimit: number;
  readonly missed: MissedPolicy;
  readonly catchUp: string;
  readonly confirms: boolean;
  readonly remaining: number | null;
  readonly nextSlotAt: number | null;
  readonly nextDueAt: number | null;
}

interface Row {
  id: string;
  namespace: string;
  revision: number;
  plan: SchedulePlan;
  overlap: OverlapPolicy;
  overlap_limit: number;
  missed: MissedPolicy;
  catch_up: string;
  confirms: boolean;
  remaining: number | null;
  next_slot_at: Date | null;
  next_due_at: Date | null;
}

const COLUMNS = `s.id, s.namespace, s.revision, s.plan, s.overlap, s.overlap_limit, s.missed, s.catch_up,
  s.confirm_groups is not null as confirms, s.remaining, s.next_slot_at, s.next_due_at`;

const fromRow = (row: Row): LockedSchedule => ({
  id: row.id,
  namespace: row.namespace,
  revision: row.revision,
  plan: row.plan,
  overlap: row.overlap,
  overlapLimit: row.overlap_limit,
  missed: row.missed,
  catchUp: row.catch_up,
  confirms: row.confirms,
  remaining: row.remaining,
  nextSlotAt: row.next_slot_at?.getTime() ?? null,
  nextDueAt: row.next_due_at?.getTime() ?? null,
});

/** Locks schedules that are due, those first that have been for longest; what another scheduler holds is left to it. */
export const lockDue = async (client: PoolClient, now: number, limit: number): Promise<LockedSchedule[]> => {
  const { rows } = await client.query<Row>({
    name: 'lock-due-schedules',
    text: `select ${COLUMNS} from schedule.schedule s where s.state = 'active' and s.next_due_at <= $1
      order by s.next_due_at limit $2 for no key update skip locked`,
    values: [new Date(now), limit],
  });
  return rows.map(fromRow);
};

/** Locks schedules of which slots were confirmed. */
export const lockConfirmed = async (client: PoolClient, limit: number): Promise<LockedSchedule[]> => {
  const { rows } = await client.query<Row>({
    name: 'lock-confirmed-schedules',
    text: `select ${COLUMNS} from schedule.schedule s
      where s.id in (select o.schedule_id from schedule.slot o where o.status = 'confirmed' limit $1) for no key update skip locked`,
    values: [limit],
  });
  return rows.map(fromRow);
};

/** When the next schedule is due, epoch milliseconds; null: none ever. */
export const readNextDue = async (client: Pick<PoolClient, 'query'>): Promise<number | null> => {
  const { rows } = await client.query<{ next: Date | null }>({
    name: 'next-due-schedule',
    text: `select min(next_due_at) as next from schedule.schedule where state = 'active' and next_due_at is not null`,
  });
  return rows[0]?.next?.getTime() ?? null;
};

/** How locked schedules stand: read after they were locked, so that nothing changes behind it. */
export const readStandings = async (client: PoolClient, ids: readonly string[]): Promise<ReadonlyMap<string, Standing>> => {
  const { rows } = await client.query<{ id: string; active: number; waiting: number }>({
    name: 'schedule-standings',
    text: `select o.schedule_id as id, count(*) filter (where o.status in ('starting', 'running'))::int as active,
        count(*) filter (where o.status = 'waiting')::int as waiting
      from schedule.slot o where o.schedule_id = any($1::uuid[]) and o.series = 'schedule'
        and o.status in ('confirming', 'confirmed', 'waiting', 'starting', 'running') group by o.schedule_id`,
    values: [ids],
  });
  return new Map(rows.map(({ id, ...standing }) => [id, standing]));
};
