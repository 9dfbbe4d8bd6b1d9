import type { SlotStatus, SlotView } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from '../read-models/conditions.js';
import { decodeCursor, toPage, UUID, type Page, type PageRequest } from '../read-models/page.js';

interface SlotRow {
  id: string;
  schedule_id: string;
  series: string;
  slot_at: Date;
  slot_until: Date | null;
  due_at: Date;
  status: SlotStatus;
  reason: string | null;
  message: string | null;
  instance_id: string | null;
  decided_by: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

const toSlotView = (row: SlotRow): SlotView => {
  const [series = 'schedule', id] = row.series.split(':');
  return {
    id: row.id,
    scheduleId: row.schedule_id,
    series: series as SlotView['series'],
    backfillId: series === 'backfill' ? (id ?? null) : null,
    slotAt: row.slot_at.toISOString(),
    slotUntil: row.slot_until?.toISOString() ?? null,
    dueAt: row.due_at.toISOString(),
    status: row.status,
    reason: row.reason,
    message: row.message,
    instanceId: row.instance_id,
    decidedBy: row.decided_by,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
};

/** Which slots of a schedule. */
export interface SlotFilter {
  readonly scheduleId: string;
  readonly id?: string | undefined;
  readonly status?: SlotStatus | undefined;
  readonly backfillId?: string | undefined;
}

/** The fire ledger of a schedule, newest slots first. Throws `InvalidCursor`. */
export const listSlots = async (pool: Pool, filter: SlotFilter, page: PageRequest): Promise<Page<SlotView>> => {
  const where = new Conditions();
  where.equal('o.schedule_id', filter.scheduleId);
  where.equal('o.id', filter.id);
  where.equal('o.status', filter.status);
  where.equal('o.series', filter.backfillId && `backfill:${filter.backfillId}`);
  if (page.cursor !== undefined) {
    const [at, id] = decodeCursor(page.cursor, [/^\d{4}-[\d:.TZ-]{10,30}$/, UUID]).map((part) => where.value(part));
    where.and(`(o.slot_at, o.id) < (${at}::timestamptz, ${id}::uuid)`);
  }
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<SlotRow>(
    `select o.id, o.schedule_id, o.series, o.slot_at, o.slot_until, o.due_at, o.status, o.reason, o.message, o.instance_id, o.decided_by,
        o.created_at, o.started_at, o.finished_at
      from schedule.slot o${where} order by o.slot_at desc, o.id desc limit ${limit}`,
    where.values,
  );
  return toPage(rows, page.limit, toSlotView, (row) => [row.slot_at.toISOString(), row.id]);
};

/** How many slots of a schedule the ledger has, by what became of them. */
export const countSlots = async (pool: Pool, scheduleId: string): Promise<Partial<Record<SlotStatus, number>>> => {
  const { rows } = await pool.query<{ status: SlotStatus; count: number }>(
    'select status, count(*)::int as count from schedule.slot where schedule_id = $1 group by status',
    [scheduleId],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
};

/** What has become of slots between two moments, the best of each: ran, runs, did not succeed. Keys are epoch milliseconds. */
export const slotsSoFar = async (
  pool: Pool,
  scheduleId: string,
  from: Date,
  until: Date,
): Promise<ReadonlyMap<number, 'succeeded' | 'open' | 'failed'>> => {
  const { rows } = await pool.query<{ slot_at: Date; became: 'succeeded' | 'open' | 'failed' }>(
    `select slot_at, case when bool_or(status = 'succeeded') then 'succeeded'
          when bool_or(status in ('confirming', 'confirmed', 'waiting', 'starting', 'running')) then 'open' else 'failed' end as became
      from schedule.slot where schedule_id = $1 and slot_at >= $2 and slot_at < $3 and status <> 'skipped' group by slot_at`,
    [scheduleId, from, until],
  );
  return new Map(rows.map(({ slot_at, became }) => [slot_at.getTime(), became]));
};
