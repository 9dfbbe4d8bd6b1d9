import { z } from 'zod';

/** How a schedule treats the wall clock when it is put forward or back, where an expression names hours. */
export const DST_RULES = ['once', 'literal'] as const;
/** `once`: every time of the expression fires once a day; `literal`: it fires whenever the clock shows it, so not at all or twice. */
export type DstRule = (typeof DST_RULES)[number];

/** Most exclusion calendars of a schedule. */
export const MAX_CALENDARS = 10;

const moment = z.string().min(1).max(40);
const duration = z.string().min(1).max(64);

/** When a schedule fires. Times without an offset are those of the plan's zone. */
export const ScheduleTrigger = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('date'), at: moment.describe('`2027-01-31T09:00`, or with an offset.') }),
    z.strictObject({
      type: z.literal('interval'),
      every: duration.describe('`30s`, `5m`, `12h`, `2w`: elapsed time, from one second to 366 days.'),
      from: moment.optional().describe('A moment at which it fires; all others lie whole intervals from it. Absent: 1970-01-01T00:00Z.'),
    }),
    z.strictObject({
      type: z.literal('cron'),
      expression: z.string().min(1).max(200).describe('Five fields, or six with seconds first; names, `L`, `#`, `@daily`.'),
    }),
  ])
  .meta({ id: 'ScheduleTrigger' });
/** When a schedule fires. */
export type ScheduleTrigger = z.infer<typeof ScheduleTrigger>;

/** A timetable as people write it: what fires, on whose clock, within what, and when not. */
export const SchedulePlan = z
  .strictObject({
    trigger: ScheduleTrigger,
    zone: z.string().min(1).max(64).default('UTC').describe('IANA time zone.'),
    dst: z.enum(DST_RULES).default('once'),
    start: moment.optional().describe('It does not fire before.'),
    end: moment.optional().describe('It does not fire at or after.'),
    calendars: z.array(z.string().min(1).max(64)).max(MAX_CALENDARS).default([]).describe('Names of calendars whose days it leaves out.'),
    jitter: duration.default('0s').describe('Each slot is put off by its own share of this, the same for a slot whenever it is asked.'),
  })
  .meta({ id: 'SchedulePlan' });
/** A timetable as people write it. */
export type SchedulePlan = z.infer<typeof SchedulePlan>;

/** Days of the week as calendars name them, Sunday first. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Largest iCal file, in characters. */
export const MAX_ICAL_LENGTH = 512 * 1024;

/** Days on which schedules do not fire. */
export const CalendarContent = z
  .strictObject({
    dates: z.array(z.string().max(21)).max(2_000).default([]).describe('`2027-01-01`, or `2026-12-24/2026-12-31` with both days included.'),
    weekdays: z.array(z.enum(WEEKDAYS)).max(7).default([]),
    ical: z.string().max(MAX_ICAL_LENGTH).default('').describe('An iCalendar file; its events, repeated ones too, are left out.'),
  })
  .meta({ id: 'CalendarContent' });
/** Days on which schedules do not fire. */
export type CalendarContent = z.infer<typeof CalendarContent>;
