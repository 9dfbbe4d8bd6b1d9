import { z } from 'zod';
import { AnyJsonObject } from '../json.js';
import { CalendarContent, SchedulePlan } from '../schedule-plan.js';
import { pageOf, pageQuery } from './paging.js';

/** What becomes of a slot while an earlier run of its schedule has not ended. */
export const OVERLAP_POLICIES = ['skip', 'buffer_one', 'buffer_all', 'cancel_other', 'terminate_other', 'allow_all', 'allow'] as const;
/** What becomes of a slot while an earlier run of its schedule has not ended. */
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

/** What becomes of slots that passed while no scheduler was there: no run, one for the newest, or one for each. */
export const MISSED_POLICIES = ['none', 'last', 'all'] as const;
/** What becomes of slots that passed while no scheduler was there. */
export type MissedPolicy = (typeof MISSED_POLICIES)[number];

/** What a schedule does: fire; nothing until somebody resumes it; nothing any more. */
export const SCHEDULE_STATES = ['active', 'paused', 'ended'] as const;
/** What a schedule does. */
export type ScheduleState = (typeof SCHEDULE_STATES)[number];

/** What has become of a slot; the last five are final. */
export const SLOT_STATUSES = [
  'confirming',
  'confirmed',
  'waiting',
  'starting',
  'running',
  'succeeded',
  'failed',
  'stopped',
  'skipped',
  'refused',
] as const;
/** What has become of a slot. */
export type SlotStatus = (typeof SLOT_STATUSES)[number];

/** The statuses that a slot keeps. */
export const FINAL_SLOT_STATUSES = ['succeeded', 'failed', 'stopped', 'skipped', 'refused'] as const satisfies readonly SlotStatus[];

/** Longest catch-up window: starts are recognized as repeated for seven days. */
export const MAX_CATCH_UP = '6d';
/** Most runs of `allow`. */
export const MAX_OVERLAP = 1_000;
/** Most slots of a backfill. */
export const MAX_BACKFILL_SLOTS = 10_000;

const name = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.-]{0,63}$/u,
    'a name begins with a letter or digit and has letters, digits, `_`, `.` or `-`, 64 at most',
  );
/** Name of a schedule or calendar, unique in its namespace. */
export const ScheduleName = name;
const namespace = name.default('default');

/** A run that tells of the end of a slot. */
export const ScheduleCallback = z
  .strictObject({
    states: z.array(z.enum(FINAL_SLOT_STATUSES)).min(1),
    process: z.string().min(1).max(300).describe('The process to start, as in `POST instances`.'),
    params: AnyJsonObject.default({}).describe('Its params; expressions read `schedule`, `slot` and `run`.'),
  })
  .meta({ id: 'ScheduleCallback' });
/** A run that tells of the end of a slot. */
export type ScheduleCallback = z.infer<typeof ScheduleCallback>;

const settings = {
  description: z.string().max(1_000).default(''),
  process: z.string().min(1).max(300).describe('Id of the process or `namespace/name`; with `@version` it stays with that version.'),
  plan: SchedulePlan,
  params: AnyJsonObject.default({}),
  overlap: z.enum(OVERLAP_POLICIES).default('skip'),
  overlapLimit: z.int().min(1).max(MAX_OVERLAP).default(1).describe('Runs at a time with `overlap: allow`.'),
  missed: z.enum(MISSED_POLICIES).default('last'),
  catchUp: z.string().max(64).default('1d').describe(`Slots missed longer ago than this are never made up for; at most ${MAX_CATCH_UP}.`),
  confirm: z
    .strictObject({ groups: z.array(z.string().min(1).max(64)).min(1).max(50) })
    .nullable()
    .default(null),
  callbacks: z.array(ScheduleCallback).max(10).default([]),
  pauseOnFailure: z.boolean().default(false),
  remaining: z.int().min(1).max(1_000_000_000).nullable().default(null).describe('It ends after so many starts; null: never for that.'),
};

/** Body of `PUT schedules/{schedule}`. */
export const ScheduleSettings = z.strictObject(settings).meta({ id: 'ScheduleSettings' });
/** Body of `PUT schedules/{schedule}`. */
export type ScheduleSettings = z.infer<typeof ScheduleSettings>;

/** Body of `POST schedules`. */
export const ScheduleBody = z.strictObject({ namespace, name, ...settings, paused: z.boolean().default(false) }).meta({ id: 'Schedule' });
/** Body of `POST schedules`. */
export type ScheduleBody = z.infer<typeof ScheduleBody>;

const moment = z.iso.datetime();

/** A schedule in a list. */
export const ScheduleView = z
  .object({
    id: z.uuid(),
    namespace: z.string(),
    name: z.string(),
    ...settings,
    processId: z.uuid(),
    state: z.enum(SCHEDULE_STATES),
    note: z.string().describe('Why it is paused or has ended.'),
    stateBy: z.string(),
    stateAt: moment,
    nextSlotAt: moment.nullable().describe('The time of its next slot as the plan says it.'),
    nextDueAt: moment.nullable().describe('When that fires, with jitter.'),
    createdBy: z.string(),
    createdAt: moment,
    updatedBy: z.string(),
    updatedAt: moment,
  })
  .meta({ id: 'ScheduleView' });
/** A schedule in a list. */
export type ScheduleView = z.infer<typeof ScheduleView>;

/** A schedule with what became of its slots and its next ones. */
export const ScheduleDetail = ScheduleView.extend({
  counts: z.partialRecord(z.enum(SLOT_STATUSES), z.int()).describe('Slots of the ledger by status.'),
  next: z.array(moment),
  switchedOn: z.boolean().describe('False: the master switch holds all schedules.'),
}).meta({ id: 'ScheduleDetail' });
/** A schedule with what became of its slots and its next ones. */
export type ScheduleDetail = z.infer<typeof ScheduleDetail>;

/** A page of schedules. */
export const SchedulePage = pageOf('SchedulePage', ScheduleView);
/** A page of schedules. */
export type SchedulePage = z.infer<typeof SchedulePage>;

/** Query of `GET schedules`. */
export const ScheduleQuery = z.object({
  ...pageQuery,
  namespace: z.string().max(64).optional(),
  name: z.string().max(64).optional().describe('Any part of the name, whatever its case.'),
  process: z.string().max(300).optional(),
  state: z.enum(SCHEDULE_STATES).optional(),
});
/** Query of `GET schedules`. */
export type ScheduleQuery = z.infer<typeof ScheduleQuery>;

/** Body of `POST schedules/{schedule}/pause`. */
export const PauseScheduleBody = z.strictObject({ note: z.string().max(500).default('') }).meta({ id: 'PauseSchedule' });
/** Body of `POST schedules/{schedule}/pause`. */
export type PauseScheduleBody = z.infer<typeof PauseScheduleBody>;

const count = z.coerce.number().int().min(1).max(500).default(10);
/** Query of `GET schedules/{schedule}/preview`. */
export const PreviewQuery = z.object({ count });
/** Query of `GET schedules/{schedule}/preview`. */
export type PreviewQuery = z.infer<typeof PreviewQuery>;

/** Body of `POST schedules/preview`. */
export const PreviewBody = z
  .strictObject({ namespace, plan: SchedulePlan, count, after: z.iso.datetime({ offset: true }).optional() })
  .meta({ id: 'PreviewSchedule' });
/** Body of `POST schedules/preview`. */
export type PreviewBody = z.infer<typeof PreviewBody>;

/** Times at which a schedule fires. */
export const SlotPreview = z
  .object({ slots: z.array(z.object({ slotAt: moment, dueAt: moment, shown: z.string().describe('On the clock of the zone.') })) })
  .meta({ id: 'SlotPreview' });
/** Times at which a schedule fires. */
export type SlotPreview = z.infer<typeof SlotPreview>;

/** A row of the fire ledger: a slot and what became of it. */
export const SlotView = z
  .object({
    id: z.uuid(),
    scheduleId: z.uuid(),
    series: z
      .enum(['schedule', 'backfill', 'manual'])
      .describe('Why there is this slot: the plan, a backfill, or somebody who wanted a run now.'),
    backfillId: z.uuid().nullable(),
    slotAt: moment,
    slotUntil: moment.nullable().describe('The row stands for all slots before this one: they passed before the catch-up window.'),
    dueAt: moment,
    status: z.enum(SLOT_STATUSES),
    reason: z.string().nullable().describe('Stable code of what kept it from running or starting.'),
    message: z.string().nullable(),
    instanceId: z.uuid().nullable(),
    decidedBy: z.string().nullable().describe('Who confirmed or refused it, or wanted it.'),
    createdAt: moment,
    startedAt: moment.nullable(),
    finishedAt: moment.nullable(),
  })
  .meta({ id: 'Slot' });
/** A row of the fire ledger: a slot and what became of it. */
export type SlotView = z.infer<typeof SlotView>;

/** A page of the fire ledger, newest slots first. */
export const SlotPage = pageOf('SlotPage', SlotView);
/** A page of the fire ledger. */
export type SlotPage = z.infer<typeof SlotPage>;

/** Query of `GET schedules/{schedule}/slots`. */
export const SlotQuery = z.object({
  ...pageQuery,
  status: z.enum(SLOT_STATUSES).optional(),
  backfill: z.uuid().optional(),
});
/** Query of `GET schedules/{schedule}/slots`. */
export type SlotQuery = z.infer<typeof SlotQuery>;

/** Body of `POST schedules/{schedule}/slots/{slot}/answer`. */
export const SlotAnswerBody = z
  .strictObject({ decision: z.enum(['confirm', 'refuse']), message: z.string().max(500).default('') })
  .meta({ id: 'SlotAnswer' });
/** Body of `POST schedules/{schedule}/slots/{slot}/answer`. */
export type SlotAnswerBody = z.infer<typeof SlotAnswerBody>;

/** What of a range a backfill runs again: nothing that has run, what did not succeed, everything. */
export const REPROCESS = ['none', 'failed', 'completed'] as const;

/** Body of `POST schedules/{schedule}/backfills`. */
export const BackfillBody = z
  .strictObject({
    from: z.iso.datetime({ offset: true }),
    until: z.iso.datetime({ offset: true }).describe('Not included.'),
    reprocess: z.enum(REPROCESS).default('none'),
    maxActive: z.int().min(1).max(100).default(1),
    reverse: z.boolean().default(false).describe('The newest slot first.'),
    dry: z.boolean().default(false).describe('Only says which slots it would run.'),
  })
  .meta({ id: 'Backfill' });
/** Body of `POST schedules/{schedule}/backfills`. */
export type BackfillBody = z.infer<typeof BackfillBody>;

/** A backfill and how far it has come. */
export const BackfillView = z
  .object({
    id: z.uuid(),
    scheduleId: z.uuid(),
    from: moment,
    until: moment,
    reprocess: z.enum(REPROCESS),
    maxActive: z.int(),
    reverse: z.boolean(),
    state: z.enum(['running', 'done', 'cancelled']),
    slots: z.int().describe('Slots it runs.'),
    begun: z.int().describe('Slots that it has come to.'),
    createdBy: z.string(),
    createdAt: moment,
    finishedAt: moment.nullable(),
  })
  .meta({ id: 'BackfillView' });
/** A backfill and how far it has come. */
export type BackfillView = z.infer<typeof BackfillView>;

/** What a backfill would run. */
export const BackfillPlan = z
  .object({ slots: z.array(moment), left: z.int().describe('Slots of the range that it would leave alone.') })
  .meta({ id: 'BackfillPlan' });
/** What a backfill would run. */
export type BackfillPlan = z.infer<typeof BackfillPlan>;

/** Body of `PUT calendars/{name}`. */
export const CalendarBody = CalendarContent.extend({ description: z.string().max(500).default('') }).meta({ id: 'Calendar' });
/** Body of `PUT calendars/{name}`. */
export type CalendarBody = z.infer<typeof CalendarBody>;

/** Query that says whose calendar is meant. */
export const CalendarQuery = z.object({ namespace });
/** Query that says whose calendar is meant. */
export type CalendarQuery = z.infer<typeof CalendarQuery>;

/** Query of `GET calendars`. */
export const CalendarListQuery = z.object({
  namespace: z.string().min(1).max(64).optional().describe('Whose calendars; without it all that the one who asks may see.'),
});
/** Query of `GET calendars`. */
export type CalendarListQuery = z.infer<typeof CalendarListQuery>;

/** A calendar. */
export const CalendarView = CalendarBody.extend({
  namespace: z.string(),
  name: z.string(),
  updatedBy: z.string(),
  updatedAt: moment,
}).meta({ id: 'CalendarView' });
/** A calendar. */
export type CalendarView = z.infer<typeof CalendarView>;
