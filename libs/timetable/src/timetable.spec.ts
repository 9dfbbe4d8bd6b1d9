import { SchedulePlan, WEEKDAYS } from '@orderlines/contracts';
import fc from 'fast-check';
import type { z } from 'zod';
import { readCalendar } from './calendar.js';
import { jitterOf } from './jitter.js';
import { problemsFrom, readTimetable, type TimetableSurroundings } from './timetable.js';

const NOW = Date.parse('2026-11-23T00:00:00Z');

const read = (plan: z.input<typeof SchedulePlan>, calendars: TimetableSurroundings['calendars'] = {}) =>
  readTimetable(SchedulePlan.parse(plan), { calendars, seed: 'schedule-1' });

const slots = (plan: z.input<typeof SchedulePlan>, count: number, { after = NOW, calendars = {} } = {}): string[] => {
  const { timetable, problems } = read(plan, calendars);
  expect(problems).toEqual([]);
  return (timetable?.take(after, count) ?? []).map(({ at }) => new Date(at).toISOString());
};

const refusals = (plan: z.input<typeof SchedulePlan>, calendars = {}): string[] => {
  const { timetable, problems } = read(plan, calendars);
  return (timetable ? problemsFrom(SchedulePlan.parse(plan), timetable, NOW) : problems).map(({ code, path }) => `${code} ${path}`);
};

const cron = (expression: string, more: object = {}) => ({ trigger: { type: 'cron' as const, expression }, ...more });

describe('a timetable', () => {
  it('of a date has the one moment, on the clock of its zone or by its offset', () => {
    const trigger = { type: 'date', at: '2027-01-31T09:00' } as const;
    expect(slots({ trigger, zone: 'Asia/Shanghai' }, 3)).toEqual(['2027-01-31T01:00:00.000Z']);
    expect(slots({ trigger: { ...trigger, at: '2027-01-31T09:00:00-05:00' }, zone: 'Asia/Shanghai' }, 3)).toEqual([
      '2027-01-31T14:00:00.000Z',
    ]);
  });

  it('of an interval has moments that lie whole intervals from its phase, before and after it', () => {
    const trigger = { type: 'interval', every: '2w', from: '2026-12-07T08:00' } as const;
    expect(slots({ trigger }, 3)).toEqual(['2026-11-23T08:00:00.000Z', '2026-12-07T08:00:00.000Z', '2026-12-21T08:00:00.000Z']);
    expect(slots({ trigger: { type: 'interval', every: '7s' } }, 2)).toHaveLength(2);
  });

  it('of a cron knows names, last days, weekdays by their number in the month, and seconds', () => {
    expect(slots(cron('0 9 * dec mon-wed'), 2)).toEqual(['2026-12-01T09:00:00.000Z', '2026-12-02T09:00:00.000Z']);
    expect(slots(cron('0 0 L * *'), 4)).toEqual(
      ['2026-11-30', '2026-12-31', '2027-01-31', '2027-02-28'].map((day) => `${day}T00:00:00.000Z`),
    );
    expect(slots(cron('0 0 29 2 *'), 2)).toEqual(['2028-02-29T00:00:00.000Z', '2032-02-29T00:00:00.000Z']);
    expect(slots(cron('0 0 31 * *'), 3)).toEqual(['2026-12-31T00:00:00.000Z', '2027-01-31T00:00:00.000Z', '2027-03-31T00:00:00.000Z']);
    expect(slots(cron('0 0 * * 1#2'), 1)).toEqual(['2026-12-14T00:00:00.000Z']);
    expect(slots(cron('0 0 * * 5L'), 1)).toEqual(['2026-11-27T00:00:00.000Z']);
    expect(slots(cron('*/20 0 0 * * *'), 3)).toEqual(
      ['00:00:20', '00:00:40'].map((time) => `2026-11-23T${time}.000Z`).concat('2026-11-24T00:00:00.000Z'),
    );
  });

  it('fires once at a time that the clock skips, and once at a time that it shows twice, unless it is literal', () => {
    const nightly = (day: string, dst: 'once' | 'literal') =>
      slots(cron('30 2 * * *', { zone: 'Europe/Berlin', dst }), 3, { after: Date.parse(`${day}T12:00:00Z`) });
    expect(nightly('2027-03-26', 'once')).toEqual(['2027-03-27T01:30:00.000Z', '2027-03-28T01:00:00.000Z', '2027-03-29T00:30:00.000Z']);
    expect(nightly('2027-03-26', 'literal')).toEqual(['2027-03-27T01:30:00.000Z', '2027-03-29T00:30:00.000Z', '2027-03-30T00:30:00.000Z']);
    expect(nightly('2027-10-29', 'once')).toEqual(['2027-10-30T00:30:00.000Z', '2027-10-31T00:30:00.000Z', '2027-11-01T01:30:00.000Z']);
    expect(nightly('2027-10-29', 'literal')).toEqual(['2027-10-30T00:30:00.000Z', '2027-10-31T00:30:00.000Z', '2027-10-31T01:30:00.000Z']);
  });

  it('has nothing before its start, nothing from its end on', () => {
    const window = { start: '2026-12-01T00:00', end: '2026-12-03' };
    expect(slots(cron('@daily', window), 9)).toEqual(['2026-12-01T00:00:00.000Z', '2026-12-02T00:00:00.000Z']);
  });

  it('puts each slot off by its own share of the jitter, always the same', () => {
    const plan = cron('* * * * *', { jitter: '30s' });
    const lateness = () => (read(plan).timetable?.take(NOW, 50) ?? []).map(({ at, dueAt }) => dueAt - at);
    expect(lateness()).toEqual(lateness());
    expect(new Set(lateness()).size).toBeGreaterThan(40);
    fc.assert(
      fc.property(fc.string(), fc.integer(), fc.integer({ min: 1, max: 3_600_000 }), (seed, slot, upTo) => {
        const jitter = jitterOf(seed, slot, upTo);
        expect(jitter >= 0 && jitter < upTo).toBe(true);
      }),
    );
  });
});

describe('calendars', () => {
  const daily = (calendars: TimetableSurroundings['calendars'], count: number, more: object = {}) =>
    slots(cron('0 9 * * *', { calendars: Object.keys(calendars), zone: 'Europe/Berlin', ...more }), count, { calendars }).map((slot) =>
      slot.slice(5, 10),
    );
  const nothing = { dates: [], weekdays: [], ical: '' };

  it('leave out days, stretches of days and days of the week, on the clock of the zone', () => {
    const holidays = { ...nothing, dates: ['2026-11-24', '2026-11-26/2026-11-27'], weekdays: ['sun' as const] };
    expect(daily({ holidays }, 4)).toEqual(['11-23', '11-25', '11-28', '11-30']);
  });

  it('leave out the events of an iCalendar file, repeated ones with their exceptions, and only their hours when they have hours', () => {
    const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT'];
    const ical = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:t']
      .concat(event('DTSTART;VALUE=DATE:20201124', 'RRULE:FREQ=WEEKLY;BYDAY=TU', 'EXDATE;VALUE=DATE:20261201'))
      .concat(event('DTSTART:20261125T080000Z', 'DTEND:20261125T083000Z'))
      .concat(event('DTSTART;TZID=America/New_York:20261126T020000', 'DTEND;TZID=America/New_York:20261126T020500'))
      .concat('END:VCALENDAR')
      .join('\r\n');
    expect(daily({ file: { ...nothing, ical } }, 6)).toEqual(['11-23', '11-26', '11-27', '11-28', '11-29', '11-30']);
    expect(daily({ file: { ...nothing, ical } }, 2, { start: '2026-12-01' })).toEqual(['12-01', '12-02']);
    const utc = slots(cron('0 7 * * *', { calendars: ['file'] }), 4, { calendars: { file: { ...nothing, ical } } });
    expect(utc.map((slot) => slot.slice(5, 10))).toEqual(['11-23', '11-25', '11-27', '11-28']);
  });

  it('may leave out a year of seconds without being looked through one by one', () => {
    const calendars = { year: { ...nothing, dates: ['2026-11-23/2027-11-22'] } };
    expect(slots(cron('* * * * * *', { calendars: ['year'] }), 1, { calendars })).toEqual(['2027-11-23T00:00:00.000Z']);
  });

  it('that cannot be read, or leave out everything, are refused with the reason', () => {
    const endless = 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20260101T000000Z\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR';
    const calendars = { a: { ...nothing, ical: endless }, b: { ...nothing, dates: ['2026-02-30'] } };
    for (const content of Object.values(calendars)) expect(readCalendar(content).problems).toHaveLength(1);
    expect(readCalendar({ ...nothing, ical: 'no calendar' }).problems[0]?.message).toContain('no iCalendar file');
    expect(readCalendar({ ...nothing, weekdays: [...WEEKDAYS] }).problems[0]?.code).toBe('calendar.everything');
  });
});

describe('a plan that cannot be kept', () => {
  it.each([
    ['the 31st of February', cron('0 0 31 2 *'), 'schedule.cron trigger.expression'],
    ['four fields', cron('0 0 1 *'), 'schedule.cron trigger.expression'],
    ['a minute 60', cron('60 * * * *'), 'schedule.cron trigger.expression'],
    ['a time by chance', cron('H * * * *'), 'schedule.cron trigger.expression'],
    ['an unknown zone', cron('@daily', { zone: 'Mars/Olympus' }), 'schedule.zone zone'],
    ['an end before the start', cron('@daily', { start: '2027-02-01', end: '2027-01-01' }), 'schedule.ends-before-start end'],
    ['an end that is past', cron('@daily', { end: '2026-01-01' }), 'schedule.never trigger'],
    ['a past date', { trigger: { type: 'date' as const, at: '2020-01-01T00:00' } }, 'schedule.past trigger.at'],
    ['a 30th of February', { trigger: { type: 'date' as const, at: '2027-02-30T00:00' } }, 'schedule.moment trigger.at'],
    ['an interval below a second', { trigger: { type: 'interval' as const, every: '500ms' } }, 'schedule.duration trigger.every'],
    ['a calendar that is not there', cron('@daily', { calendars: ['holidays'] }), 'schedule.calendar calendars[0]'],
    ['a jitter of a day', cron('@daily', { jitter: '1d' }), 'schedule.duration jitter'],
  ])('is refused: %s', (_what, plan, refusal) => expect(refusals(plan)).toEqual([refusal]));

  it('says all that is wrong with it at once', () => {
    expect(refusals(cron('0 0 31 2 *', { zone: 'nowhere', jitter: 'x' }))).toHaveLength(3);
    expect(read(cron('0 0 31 2 *')).problems[0]?.message).toBe('`0 0 31 2 *`: no date fits: the day is in none of the months');
  });
});
