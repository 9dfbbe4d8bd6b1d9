import type { EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';

/** Writes a slot of now that somebody wants; a scheduler starts its run. Gives its id; the same key is the same slot. */
export const insertManualSlot = async (
  manager: EntityManager,
  { scheduleId, key, actor }: { readonly scheduleId: string; readonly key: string; readonly actor: string },
): Promise<string> => {
  const series = `manual:${key}`;
  const [known] = await manager.query<{ id: string }[]>('select id from schedule.slot where schedule_id = $1 and series = $2', [
    scheduleId,
    series,
  ]);
  if (known !== undefined) return known.id;
  const id = uuidV7();
  await manager.query(
    `insert into schedule.slot (id, schedule_id, series, slot_at, due_at, status, params, retry_at, decided_by, created_at)
      select $1, id, $2, $4, $4, 'starting', params, $4, $5, $4 from schedule.schedule where id = $3`,
    [id, series, scheduleId, new Date(), actor],
  );
  return id;
};

/** Notes the answer to a slot that wants one; a confirmed one is started by a scheduler. */
export const answerSlot = async (
  manager: EntityManager,
  {
    id,
    isConfirmed,
    actor,
    message,
  }: { readonly id: string; readonly isConfirmed: boolean; readonly actor: string; readonly message: string },
): Promise<void> => {
  await manager.query(
    isConfirmed
      ? `update schedule.slot set status = 'confirmed', decided_by = $2, message = nullif($3, '') where id = $1 and status = 'confirming'`
      : `update schedule.slot set status = 'skipped', reason = 'declined', decided_by = $2, message = coalesce(nullif($3, ''), 'declined by ' || $2),
          params = null, finished_at = now(),
          tell_at = (select case when s.callbacks <> '[]' then now() end from schedule.schedule s where s.id = schedule_id) where id = $1 and status = 'confirming'`,
    [id, actor, message],
  );
};
