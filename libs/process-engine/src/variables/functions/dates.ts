import { ValueError } from '../operators.js';
import { nameOf, type Value } from '../value.js';
import { integerOf, listOf, made, textOf, type FunctionTable } from './arguments.js';
import { formatInstant } from './format-date.js';

const DAY_MS = 86_400_000;
/** A calendar is walked day by day. */
const MAX_BUSINESS_DAYS = 10_000;
const STEPS_PER_DAY = 3;

/** Functions over dates: a date is `2026-03-01`, a moment an ISO 8601 text or epoch milliseconds; all of it in UTC. */
export const DATE_FUNCTIONS: FunctionTable = {
  date: { arity: [1, 1], call: ([moment]) => dateText(instantOf(moment)) },
  day: { arity: [2, 2], call: ([moment, days]) => dateText(instantOf(moment) + integerOf(days) * DAY_MS) },
  businessDay: {
    arity: [2, 3],
    call: ([moment, days, holidays], budget) => {
      const closed = new Set(holidays === undefined ? [] : listOf(holidays, budget).map((holiday) => dateText(instantOf(holiday))));
      const steps = integerOf(days);
      if (Math.abs(steps) > MAX_BUSINESS_DAYS) throw new ValueError(`businessDay counts ${MAX_BUSINESS_DAYS} days at most`);
      return dateText(
        nextBusinessDay(instantOf(moment), steps, (instant) => {
          budget.spend(STEPS_PER_DAY);
          return closed.has(dateText(instant));
        }),
      );
    },
  },
  monthFirst: { arity: [1, 1], call: ([moment]) => monthDay(instantOf(moment), 0, 1) },
  monthLast: { arity: [1, 1], call: ([moment]) => monthDay(instantOf(moment), 1, 0) },
  format: {
    arity: [2, 3],
    call: ([moment, pattern, zone], budget) =>
      made(formatInstant(instantOf(moment), textOf(pattern, budget), zone === undefined ? 'UTC' : textOf(zone, budget)), budget),
  },
  epoch: { arity: [1, 1], call: ([moment]) => Math.floor(instantOf(moment) / 1000) },
};

const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Epoch milliseconds of an ISO 8601 text (UTC where it names no zone) or of epoch milliseconds. */
export function instantOf(moment: Value | undefined): number {
  if (typeof moment === 'number') return inRange(moment, String(moment));
  if (typeof moment !== 'string') throw new ValueError(`a date is needed, not ${nameOf(moment ?? null)}`);
  const match = ISO.exec(moment);
  if (match === null) throw new ValueError(`\`${moment.slice(0, 40)}\` is not a date; write it as 2026-03-01 or 2026-03-01T08:00:00Z`);
  const zoned = match[1] !== undefined && match[4] === undefined ? `${moment}Z` : moment;
  const instant = inRange(Date.parse(zoned.replace(' ', 'T')), moment);
  // JavaScript rolls the 31st of February over into March.
  const offset = match[4] === undefined || match[4] === 'Z' ? 0 : zoneOffset(match[4]);
  if (dateText(instant + offset) !== moment.slice(0, 10)) throw new ValueError(`\`${moment}\` is not a day of the calendar`);
  return instant;
}

function zoneOffset(zone: string): number {
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

function inRange(instant: number, given: string): number {
  // The years 0001 to 9999, as they can be written with four digits.
  if (!(instant >= -62_135_596_800_000 && instant <= 253_402_300_799_999)) throw new ValueError(`\`${given.slice(0, 40)}\` is not a date`);
  return instant;
}

/** `2026-03-01`. */
export const dateText = (instant: number): string => new Date(inRange(instant, 'the date')).toISOString().slice(0, 10);

function monthDay(instant: number, monthsOn: number, day: number): string {
  const date = new Date(instant);
  return dateText(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsOn, day));
}

function nextBusinessDay(start: number, days: number, isHoliday: (instant: number) => boolean): number {
  const isOpen = (instant: number): boolean => ![0, 6].includes(new Date(inRange(instant, 'the date')).getUTCDay()) && !isHoliday(instant);
  const direction = days < 0 ? -DAY_MS : DAY_MS;
  let left = Math.abs(days);
  let instant = start;
  // With 0 the day itself, or the next open one.
  if (left === 0) while (!isOpen(instant)) instant += direction;
  while (left > 0) {
    instant += direction;
    if (isOpen(instant)) left -= 1;
  }
  return instant;
}
