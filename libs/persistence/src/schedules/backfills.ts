import type { BackfillBody, BackfillView } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';

interface BackfillRow {
  id: string;
  schedule_id: string;
  from_at: Date;
  until_at: Date;
  reprocess: BackfillView['reprocess'];
  max_active: number;
  reverse: boolean;
  state: BackfillView['state'];
  slots: number;
  begun: number;
  created_by: string;
  created_at: Date;
  finished_at: Date | null;
}

/** Backfills of a schedule, newest first. */
export const listBackfills = async (manager: EntityManager, scheduleId: string): Promise<BackfillView[]> => {
  const rows = await manager.query<BackfillRow[]>(
    `select id, schedule_id, from_at, until_at, reprocess, max_active, reverse, state, cardinality(slots) as slots, begun, created_by,
        created_at, finished_at
      from schedule.backfill where schedule_id = $1 order by created_at desc limit 100`,
    [scheduleId],
  );
  return rows.map((row) => ({
    id: row.id,
    scheduleId: row.schedule_id,
    from: row.from_at.toISOString(),
    until: row.until_at.toISOString(),
    reprocess: row.reprocess,
    maxActive: row.max_active,
    reverse: row.reverse,
    state: row.state,
    slots: row.slots,
    begun: row.begun,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  }));
};

/** Stores a backfill of these slots; schedulers carry it out. */
export const insertBackfill = async (
  manager: EntityManager,
  { id, scheduleId, slots, actor }: { id: string; scheduleId: string; slots: readonly number[]; actor: string },
  body: BackfillBody,
): Promise<void> => {
  await manager.query(
    `insert into schedule.backfill (id, schedule_id, from_at, until_at, reprocess, max_active, reverse, slots, state, created_by, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, 'running', $9, now())`,
    [
      ...[id, scheduleId, new Date(body.from), new Date(body.until), body.reprocess, body.maxActive, body.reverse],
      ...[slots.map((slot) => new Date(slot)), actor],
    ],
  );
};

/** Begins no further slot of a backfill; what runs goes on. */
export const cancelBackfill = async (manager: EntityManager, scheduleId: string, id: string): Promise<void> => {
  await manager.query(
    `update schedule.backfill set state = 'cancelled', finished_at = now() where id = $1 and schedule_id = $2 and state = 'running'`,
    [id, scheduleId],
  );
};
