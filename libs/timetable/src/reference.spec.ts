import { DST_RULES, WEEKDAYS } from '@orderlines/contracts';
import fc from 'fast-check';
import { slowTimes, textOf, type ReferenceCron, type ReferenceField } from './testing/slow-reference.js';
import { readTimetable } from './timetable.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Two days before a change of the clock or of the calendar, in zones that do it differently. */
const TURNS: readonly (readonly [zone: string, beginning: string])[] = [
  ['Europe/Berlin', '2026-03-28'],
  ['Europe/Berlin', '2026-10-24'],
  ['America/New_York', '2027-03-13'],
  ['America/New_York', '2027-11-06'],
  // Half an hour, on the southern side.
  ['Australia/Lord_Howe', '2026-10-03'],
  ['Australia/Lord_Howe', '2027-04-03'],
  // At midnight.
  ['America/Santiago', '2026-09-05'],
  ['America/Santiago', '2026-04-04'],
  // Twice a year for Ramadan.
  ['Africa/Casablanca', '2027-02-06'],
  ['Africa/Casablanca', '2027-03-13'],
  ['Asia/Shanghai', '2028-02-27'],
  ['Europe/Berlin', '2028-02-28'],
  ['America/New_York', '2027-02-27'],
  ['UTC', '2026-12-30'],
  ['Australia/Lord_Howe', '2026-04-29'],
];

const field = (least: number, most: number, name: (value: number) => string = String): fc.Arbitrary<ReferenceField> => {
  const all = Array.from({ length: most - least + 1 }, (_, index) => least + index);
  return fc.oneof(
    fc.constant({ text: '*', values: null }),
    fc
      .uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 4 })
      .map((values) => ({ text: values.map(name).join(','), values })),
    fc
      .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
      .filter(([from, to]) => from < to)
      .map(([from, to]) => ({ text: `${name(from)}-${name(to)}`, values: all.filter((value) => value >= from && value <= to) })),
    fc
      .integer({ min: 2, max: Math.min(20, most) })
      .map((step) => ({ text: `${least}-${most}/${step}`, values: all.filter((value) => (value - least) % step === 0) })),
  );
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Mostly without day, month or weekday: expressions that never fit the few days looked at say nothing. */
const seldom = (other: fc.Arbitrary<ReferenceField>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<ReferenceField>({ text: '*', values: null }) }, { weight: 1, arbitrary: other });

const cron = (second: fc.Arbitrary<ReferenceField | null>): fc.Arbitrary<ReferenceCron> =>
  fc.record({
    second,
    minute: field(0, 59),
    hour: fc.oneof(field(0, 23), field(0, 4)),
    day: seldom(field(1, 28)),
    month: seldom(field(1, 12, (month) => MONTHS[month - 1] ?? '')),
    weekday: seldom(field(0, 6, (day) => WEEKDAYS[day] ?? '')),
  });

const times = (expression: string, zone: string, dst: (typeof DST_RULES)[number], from: number, until: number): number[] => {
  const trigger = { type: 'cron', expression } as const;
  const read = readTimetable({ trigger, zone, dst, calendars: [], jitter: '0s' }, { calendars: {}, seed: '' });
  if (!read.timetable) throw new Error(`${expression}: ${read.problems[0]?.message}`);
  const found: number[] = [];
  for (let slot = read.timetable.next(from - 1); slot !== null && slot.at < until; slot = read.timetable.next(slot.at)) found.push(slot.at);
  return found;
};

describe('a cron on the clock of a zone', () => {
  it('fires at exactly the minutes at which a clock that is watched shows its times, over changes of the clock and of the calendar', () => {
    fc.assert(
      fc.property(cron(fc.constant(null)), fc.constantFrom(...TURNS), fc.constantFrom(...DST_RULES), (written, [zone, day], dst) => {
        const from = Date.parse(`${day}T00:00:00Z`);
        const until = from + 3 * DAY_MS;
        // A day earlier, so that the reference has seen what the clock showed before.
        const expected = slowTimes(written, zone, dst, from - DAY_MS, until).filter((time) => time >= from);
        expect(times(textOf(written), zone, dst, from, until)).toEqual(expected);
      }),
      { numRuns: 80 },
    );
  }, 120_000);

  it('with seconds fires at exactly the seconds, in the hours around a change of the clock', () => {
    const changes = [
      ['Europe/Berlin', '2026-03-29T00:00:00Z'],
      ['Europe/Berlin', '2026-10-25T00:00:00Z'],
      ['America/New_York', '2027-11-07T05:00:00Z'],
      ['Australia/Lord_Howe', '2026-10-03T14:00:00Z'],
    ] as const;
    fc.assert(
      fc.property(cron(field(0, 59)), fc.constantFrom(...changes), fc.constantFrom(...DST_RULES), (written, [zone, moment], dst) => {
        const from = Date.parse(moment);
        const expected = slowTimes(written, zone, dst, from - HOUR_MS, from + 2.5 * HOUR_MS).filter((time) => time >= from);
        expect(times(textOf(written), zone, dst, from, from + 2.5 * HOUR_MS)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  }, 120_000);

  it('gives the same slots wherever it is asked from', () => {
    fc.assert(
      fc.property(cron(fc.constant(null)), fc.constantFrom(...TURNS), fc.nat({ max: 3 * DAY_MS }), (written, [zone, day], later) => {
        const from = Date.parse(`${day}T00:00:00Z`);
        const all = times(textOf(written), zone, 'once', from, from + 3 * DAY_MS);
        expect(times(textOf(written), zone, 'once', from + later, from + 3 * DAY_MS)).toEqual(all.filter((time) => time >= from + later));
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});
