import { WEEKDAYS, type CalendarContent, type Problem } from '@orderlines/contracts';
import { IcalCalendar, IcalError } from './ical.js';
import type { Zone } from './zone.js';

const DAY_MS = 86_400_000;

/** Says when a schedule does not fire. */
export interface Exclusions {
  /** Epoch milliseconds at which the exclusion ends that a moment lies in; null: it lies in none. */
  until(instant: number): number | null;
}

/** Nothing is left out. */
export const NO_EXCLUSIONS: Exclusions = { until: () => null };

/** Reads what a calendar holds; days are those of the zone of whoever asks. */
export const readCalendar = (
  content: CalendarContent,
): { readonly inZone: (zone: Zone) => Exclusions; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = [];
  const spans = content.dates.flatMap((text, index) => {
    const span = daysOf(text);
    if (span !== undefined) return [span];
    const message = `\`${text}\` is neither a date such as \`2027-01-01\` nor two of them such as \`2026-12-24/2026-12-31\``;
    problems.push({ code: 'calendar.date', message, path: `dates[${index}]`, severity: 'error' });
    return [];
  });
  if (new Set(content.weekdays).size === WEEKDAYS.length) {
    const message = 'all seven days of the week are left out: nothing would ever fire';
    problems.push({ code: 'calendar.everything', message, path: 'weekdays', severity: 'error' });
  }
  const ical = readIcal(content.ical, problems);
  const weekdays = new Set(content.weekdays.map((day) => WEEKDAYS.indexOf(day)));
  return { problems, inZone: (zone) => joined([daysLeftOut(spans, weekdays, zone), ...(ical ? [ical.inZone(zone)] : [])]) };
};

/** What is left out by any of them. */
export const joined = (all: readonly Exclusions[]): Exclusions => ({
  until: (instant) => all.reduce<number | null>((latest, one) => latestOf(latest, one.until(instant)), null),
});

const latestOf = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.max(one, other);

const readIcal = (text: string, problems: Problem[]): IcalCalendar | undefined => {
  if (text.trim() === '') return undefined;
  try {
    return IcalCalendar.parse(text);
  } catch (error) {
    if (!(error instanceof IcalError)) throw error;
    problems.push({ code: 'calendar.ical', message: error.message, path: 'ical', severity: 'error' });
    return undefined;
  }
};

/** First and last day, as days since 1970. */
type Days = readonly [first: number, last: number];

const daysOf = (text: string): Days | undefined => {
  const [first, last = first, ...more] = text.split('/').map(dayOf);
  return first === undefined || last === undefined || more.length > 0 || last < first ? undefined : [first, last];
};

const dayOf = (text: string): number | undefined => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(text) ? undefined : at / DAY_MS;
};

const daysLeftOut = (spans: readonly Days[], weekdays: ReadonlySet<number>, zone: Zone): Exclusions => ({
  until: (instant) => {
    const day = Math.floor(zone.wallAt(instant) / DAY_MS);
    // 1970-01-01 was a Thursday.
    const isLeftOut = weekdays.has((((day + 4) % 7) + 7) % 7) || spans.some(([first, last]) => first <= day && day <= last);
    return isLeftOut ? zone.startOfDay(instant, 1) : null;
  },
});
