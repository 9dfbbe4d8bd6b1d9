import type { MissedPolicy, OverlapPolicy, ScheduleCallback, SchedulePlan, ScheduleState, ScheduleView } from '@orderlines/contracts';
import type { AttributeColumns } from '../read-models/row-limits.js';

/** What rules see of a schedule `s`. */
export const SCHEDULE_ATTRIBUTES = {
  namespace: 's.namespace',
  name: 's.name',
  owner: 's.created_by',
} as const satisfies AttributeColumns;

/** Columns of a schedule `s` whose process is `p`. */
export const SCHEDULE_COLUMNS = `s.id, s.namespace, s.name, s.description, s.process_id, s.process_version, s.plan, s.params, s.overlap,
  s.overlap_limit, s.missed, s.catch_up, s.confirm_groups, s.callbacks, s.pause_on_failure, s.remaining, s.state, s.note, s.state_by,
  s.state_at, s.next_slot_at, s.next_due_at, s.created_by, s.created_at, s.updated_by, s.updated_at,
  p.namespace || '/' || p.name as process`;

/** Such a row. */
export interface ScheduleRow {
  id: string;
  namespace: string;
  name: string;
  description: string;
  process: string;
  process_id: string;
  process_version: number | null;
  plan: SchedulePlan;
  params: ScheduleView['params'];
  overlap: OverlapPolicy;
  overlap_limit: number;
  missed: MissedPolicy;
  catch_up: string;
  confirm_groups: string[] | null;
  callbacks: ScheduleCallback[];
  pause_on_failure: boolean;
  remaining: number | null;
  state: ScheduleState;
  note: string;
  state_by: string;
  state_at: Date;
  next_slot_at: Date | null;
  next_due_at: Date | null;
  created_by: string;
  created_at: Date;
  updated_by: string;
  updated_at: Date;
}

/** The row as doors show it. */
export const toScheduleView = (row: ScheduleRow): ScheduleView => ({
  id: row.id,
  namespace: row.namespace,
  name: row.name,
  description: row.description,
  process: row.process_version === null ? row.process : `${row.process}@${row.process_version}`,
  processId: row.process_id,
  plan: row.plan,
  params: row.params,
  overlap: row.overlap,
  overlapLimit: row.overlap_limit,
  missed: row.missed,
  catchUp: row.catch_up,
  confirm: row.confirm_groups && { groups: row.confirm_groups },
  callbacks: row.callbacks,
  pauseOnFailure: row.pause_on_failure,
  remaining: row.remaining,
  state: row.state,
  note: row.note,
  stateBy: row.state_by,
  stateAt: row.state_at.toISOString(),
  nextSlotAt: row.next_slot_at?.toISOString() ?? null,
  nextDueAt: row.next_due_at?.toISOString() ?? null,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  updatedBy: row.updated_by,
  updatedAt: row.updated_at.toISOString(),
});
