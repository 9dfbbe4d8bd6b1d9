import type { ScheduleSettings, ScheduleState, ScheduleView } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';
import { SCHEDULE_COLUMNS, toScheduleView, type ScheduleRow } from './schedule-row.js';

/** The next slot of a schedule, epoch milliseconds. */
export interface NextSlot {
  readonly at: number;
  readonly dueAt: number;
}

/** A schedule as it is to be stored. */
export interface ScheduleWrite {
  readonly id: string;
  readonly settings: ScheduleSettings;
  readonly processId: string;
  readonly processVersion: number | null;
  readonly next: NextSlot | null;
  readonly actor: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The schedule of that id or `namespace/name`; `lock` holds it until the transaction ends. Null: there is none. */
export const findSchedule = async (manager: EntityManager, reference: string, lock = false): Promise<ScheduleView | null> => {
  const [namespace, ...name] = reference.split('/');
  const isId = UUID.test(reference);
  const [row] = await manager.query<ScheduleRow[]>(
    `select ${SCHEDULE_COLUMNS} from schedule.schedule s join definition.process p on p.id = s.process_id
      where s.state <> 'removed' and ${isId ? 's.id = $1' : 's.namespace = $1 and s.name = $2'}${lock ? ' for update of s' : ''}`,
    isId ? [reference] : [namespace, name.join('/')],
  );
  return row === undefined ? null : toScheduleView(row);
};

const moment = (at: number | undefined): Date | null => (at === undefined ? null : new Date(at));

/** Values of the columns from $2 on that follow from the settings. */
const settingValues = ({ settings, processId, processVersion, next, actor }: ScheduleWrite): unknown[] => [
  ...[settings.description, processId, processVersion, JSON.stringify(settings.plan), JSON.stringify(settings.params)],
  ...[settings.overlap, settings.overlapLimit, settings.missed, settings.catchUp, settings.confirm?.groups ?? null],
  ...[JSON.stringify(settings.callbacks), settings.pauseOnFailure, settings.remaining, moment(next?.at), moment(next?.dueAt), actor],
];

/** Stores a new schedule. */
export const insertSchedule = async (
  manager: EntityManager,
  write: ScheduleWrite,
  { namespace, name, state }: { readonly namespace: string; readonly name: string; readonly state: ScheduleState },
): Promise<void> => {
  await manager.query(
    `insert into schedule.schedule (id, description, process_id, process_version, plan, params, overlap, overlap_limit, missed, catch_up,
        confirm_groups, callbacks, pause_on_failure, remaining, next_slot_at, next_due_at, created_by, updated_by, state_by, state_at,
        namespace, name, state)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $17, now(), $18, $19, $20)`,
    [write.id, ...settingValues(write), namespace, name, state],
  );
};

/** Stores changed settings; whoever fires takes the new plan from then on. */
export const updateSchedule = async (manager: EntityManager, write: ScheduleWrite, state: ScheduleState): Promise<void> => {
  await manager.query(
    `update schedule.schedule set description = $2, process_id = $3, process_version = $4, plan = $5, params = $6, overlap = $7,
        overlap_limit = $8, missed = $9, catch_up = $10, confirm_groups = $11, callbacks = $12, pause_on_failure = $13, remaining = $14,
        next_slot_at = $15, next_due_at = $16, updated_by = $17, updated_at = now(), revision = revision + 1, state = $18,
        note = case when state = $18 then note else '' end
      where id = $1`,
    [write.id, ...settingValues(write), state],
  );
};

/** Pauses, resumes or removes a schedule. */
export const setScheduleState = async (
  manager: EntityManager,
  id: string,
  { state, note, actor, next }: { state: ScheduleState | 'removed'; note: string; actor: string; next: NextSlot | null },
): Promise<void> => {
  await manager.query(
    `update schedule.schedule set state = $2, note = $3, state_by = $4, state_at = now(), next_slot_at = $5, next_due_at = $6,
        revision = revision + 1 where id = $1`,
    [id, state, note, actor, moment(next?.at), moment(next?.dueAt)],
  );
};

/** Schedules that a run is a slot of or, when it is none of any, all schedules of its process: what goes with a run. */
export const schedulesOfRun = async (manager: EntityManager, instanceId: string): Promise<string[]> => {
  const rows = await manager.query<{ id: string }[]>(
    `with own as (select schedule_id as id from schedule.slot where instance_id = $1)
      select s.id from schedule.schedule s where s.state <> 'removed' and (s.id in (select id from own) or not exists (select from own)
        and s.process_id = (select process_id from runtime.process_instance where id = $1))`,
    [instanceId],
  );
  return rows.map(({ id }) => id);
};
