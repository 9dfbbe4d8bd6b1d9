import {
  MAX_DURATION_MS,
  parseDuration,
  type CalendarContent,
  type Problem,
  type SchedulePlan,
  type ScheduleTrigger,
} from '@orderlines/contracts';
import { joined, NO_EXCLUSIONS, readCalendar, type Exclusions } from './calendar.js';
import { CronError, cronSequence, CronTimes } from './cron.js';
import { dateSequence, intervalSequence } from './interval.js';
import { jitterOf } from './jitter.js';
import { parseMoment } from './moment.js';
import type { Sequence } from './sequence.js';
import { Zone } from './zone.js';

const SECOND_MS = 1_000;
const MAX_JITTER_MS = 3_600_000;
/** Moments in a row that calendars may leave out, each taking a step over everything its exclusion covers. */
const MAX_STEPS = 5_000;

/** One time of a timetable. */
export interface Slot {
  /** Epoch milliseconds of the time as the plan says it: the slot's name, and the logical time of its run. */
  readonly at: number;
  /** Epoch milliseconds at which it fires: `at` and its jitter. */
  readonly dueAt: number;
}

/** The times of one schedule. */
export interface Timetable {
  /** The first slot after a moment; null: there is none any more. */
  next(after: number): Slot | null;
  /** Up to so many slots after a moment, in order. */
  take(after: number, count: number): Slot[];
}

/** What surrounds a plan. */
export interface TimetableSurroundings {
  /** The calendars that the plan may name. */
  readonly calendars: Readonly<Record<string, CalendarContent>>;
  /** Whose jitter it is: the id of the schedule. */
  readonly seed: string;
}

/** A timetable, or everything that is wrong with its plan. */
export type ReadTimetable =
  | { readonly timetable: Timetable; readonly problems: readonly [] }
  | { readonly timetable?: undefined; readonly problems: readonly Problem[] };

/** Reads a plan, all problems at once; their paths begin at the plan. */
export const readTimetable = (plan: SchedulePlan, { calendars, seed }: TimetableSurroundings): ReadTimetable => {
  const reading = new PlanReading(plan);
  const sequence = reading.trigger(plan.trigger);
  const start = reading.moment(plan.start, 'start');
  const end = reading.moment(plan.end, 'end');
  if (start !== undefined && end !== undefined && end <= start) {
    reading.report('schedule.ends-before-start', `it ends (${plan.end}) before it starts (${plan.start})`, 'end');
  }
  const jitterMs = reading.duration(plan.jitter, 'jitter', [0, MAX_JITTER_MS], 'up to an hour');
  const exclusions = reading.calendars(calendars);
  const { problems } = reading;
  if (sequence === undefined || problems.length > 0) return { problems };
  const dueAt = (at: number) => at + jitterOf(seed, at, jitterMs);
  const timetable = new WindowedTimetable(sequence, exclusions, { start: start ?? -Infinity, end: end ?? Infinity }, dueAt);
  return { timetable, problems: [] };
};

/** What is wrong with a timetable that shall begin now: nothing of it lies ahead. */
export const problemsFrom = (plan: SchedulePlan, timetable: Timetable, now: number): Problem[] => {
  if (timetable.next(now) !== null) return [];
  if (plan.trigger.type === 'date' && timetable.next(-Infinity) !== null) {
    const message = `${plan.trigger.at} is past: give a moment that lies ahead`;
    return [{ code: 'schedule.past', message, path: 'trigger.at', severity: 'error' }];
  }
  const message = 'it would never fire: no time of it lies ahead within its start, its end and its calendars';
  return [{ code: 'schedule.never', message, path: 'trigger', severity: 'error' }];
};

class WindowedTimetable implements Timetable {
  constructor(
    private readonly sequence: Sequence,
    private readonly exclusions: Exclusions,
    private readonly window: { readonly start: number; readonly end: number },
    private readonly dueAt: (at: number) => number,
  ) {}

  next(after: number): Slot | null {
    // A millisecond before the window, so that its first moment counts.
    let from = Math.max(after, this.window.start - 1);
    if (from === -Infinity) from = 0;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const at = this.sequence.next(from);
      if (at === null || at >= this.window.end) return null;
      const until = this.exclusions.until(at);
      if (until === null) return { at, dueAt: this.dueAt(at) };
      from = until - 1;
    }
    return null;
  }

  take(after: number, count: number): Slot[] {
    const slots: Slot[] = [];
    for (let slot = this.next(after); slot !== null && slots.length < count; slot = this.next(slot.at)) slots.push(slot);
    return slots;
  }
}

class PlanReading {
  readonly problems: Problem[] = [];
  private readonly zone: Zone;

  constructor(private readonly plan: SchedulePlan) {
    const zone = Zone.of(plan.zone);
    if (zone === undefined) {
      this.report('schedule.zone', `\`${plan.zone}\` is no time zone: write an IANA name such as \`Europe/Berlin\` or \`UTC\``, 'zone');
    }
    this.zone = zone ?? (Zone.of('UTC') as Zone);
  }

  report(code: string, message: string, path: string): void {
    this.problems.push({ code, message, path, severity: 'error' });
  }

  moment(text: string | undefined, path: string): number | undefined {
    const moment = text === undefined ? undefined : parseMoment(text, this.zone);
    if (text !== undefined && moment === undefined) {
      this.report('schedule.moment', `\`${text}\` is no moment such as \`2027-01-31T09:00\` or \`2027-01-31T09:00:00+08:00\``, path);
    }
    return moment;
  }

  duration(text: string, path: string, [least, most]: readonly [number, number], range: string): number {
    const milliseconds = parseDuration(text);
    if (milliseconds !== undefined && milliseconds >= least && milliseconds <= most) return milliseconds;
    this.report('schedule.duration', `\`${text}\` is no duration ${range}: write \`30s\`, \`5m\`, \`12h\`, \`1d\` or \`2w\``, path);
    return 0;
  }

  trigger(trigger: ScheduleTrigger): Sequence | undefined {
    switch (trigger.type) {
      case 'date': {
        const at = this.moment(trigger.at, 'trigger.at');
        return at === undefined ? undefined : dateSequence(at);
      }
      case 'interval': {
        const everyMs = this.duration(trigger.every, 'trigger.every', [SECOND_MS, MAX_DURATION_MS], 'from one second to 366 days');
        const phase = this.moment(trigger.from, 'trigger.from') ?? 0;
        return everyMs === 0 ? undefined : intervalSequence(everyMs, phase);
      }
      case 'cron':
        try {
          return cronSequence(CronTimes.parse(trigger.expression), this.zone, this.plan.dst);
        } catch (error) {
          if (!(error instanceof CronError)) throw error;
          this.report('schedule.cron', `\`${trigger.expression}\`: ${error.message}`, 'trigger.expression');
          return undefined;
        }
    }
  }

  calendars(known: Readonly<Record<string, CalendarContent>>): Exclusions {
    const exclusions = this.plan.calendars.flatMap((name, index) => {
      const content = Object.hasOwn(known, name) ? known[name] : undefined;
      if (content !== undefined) return [readCalendar(content).inZone(this.zone)];
      this.report('schedule.calendar', `there is no calendar \`${name}\` in this namespace`, `calendars[${index}]`);
      return [];
    });
    return exclusions.length === 0 ? NO_EXCLUSIONS : joined(exclusions);
  }
}
