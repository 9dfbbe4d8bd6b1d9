import { WEEKDAYS, type DstRule } from '@orderlines/contracts';

/** A field of an expression: its text, and the values it stands for; null: any. */
export interface ReferenceField {
  readonly text: string;
  readonly values: readonly number[] | null;
}

/** An expression by its fields. */
export interface ReferenceCron {
  readonly second: ReferenceField | null;
  readonly minute: ReferenceField;
  readonly hour: ReferenceField;
  readonly day: ReferenceField;
  readonly month: ReferenceField;
  readonly weekday: ReferenceField;
}

/** The expression as it is written. */
export const textOf = ({ second, minute, hour, day, month, weekday }: ReferenceCron): string =>
  [...(second ? [second] : []), minute, hour, day, month, weekday].map(({ text }) => text).join(' ');

interface Shown {
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
  /** The same as one number that grows as the clock does. */
  readonly wall: number;
}

const clockOf = (zone: string) => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    weekday: 'short',
    hourCycle: 'h23',
  });
  return (instant: number): Shown => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const [year, month, day, hour, minute, second] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map((part) =>
      Number(parts[part]),
    );
    const wall = Date.UTC(year as number, (month as number) - 1, day, hour, minute, second);
    const weekday = WEEKDAYS.indexOf((parts['weekday'] ?? '').toLowerCase() as (typeof WEEKDAYS)[number]);
    return { second, minute, hour, day, month, weekday, wall } as Shown;
  };
};

const utcClock = (wall: number): Shown => {
  const date = new Date(wall);
  return {
    second: date.getUTCSeconds(),
    minute: date.getUTCMinutes(),
    hour: date.getUTCHours(),
    day: date.getUTCDate(),
    month: date.getUTCMonth() + 1,
    weekday: date.getUTCDay(),
    wall,
  };
};

const fits = (cron: ReferenceCron, shown: Shown): boolean => {
  const has = (field: ReferenceField, value: number) => field.values === null || field.values.includes(value);
  if (cron.second === null ? shown.second !== 0 : !has(cron.second, shown.second)) return false;
  if (!has(cron.minute, shown.minute) || !has(cron.hour, shown.hour) || !has(cron.month, shown.month)) return false;
  const { day, weekday } = cron;
  if (day.values !== null && weekday.values !== null) return has(day, shown.day) || has(weekday, shown.weekday);
  return has(day, shown.day) && has(weekday, shown.weekday);
};

/** Every moment in `[from, until)` at which the expression fires, found by looking at the clock of the zone at every step of time. */
export const slowTimes = (cron: ReferenceCron, zone: string, dst: DstRule, from: number, until: number): number[] => {
  const stepMs = cron.second === null ? 60_000 : 1_000;
  const clock = clockOf(zone);
  const namesHours = cron.hour.values !== null && cron.hour.values.length < 24;
  const once = dst === 'once' && namesHours;
  const times: number[] = [];
  let shownUntil = -Infinity;
  for (let instant = from; instant < until; instant += stepMs) {
    const shown = clock(instant);
    const skipped = [];
    if (once && shownUntil !== -Infinity)
      for (let wall = shownUntil + stepMs; wall < shown.wall; wall += stepMs) if (fits(cron, utcClock(wall))) skipped.push(wall);
    const isNew = shown.wall > shownUntil;
    if (skipped.length > 0 || (fits(cron, shown) && (!once || isNew))) times.push(instant);
    shownUntil = once ? Math.max(shownUntil, shown.wall) : shown.wall;
  }
  return times;
};
