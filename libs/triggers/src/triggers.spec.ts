import fc from 'fast-check';
import type { EventRule } from '@orderlines/contracts';
import {
  answered,
  awaitAfter,
  collect,
  concerns,
  expire,
  firstTimer,
  fitsType,
  judgeEvent,
  mapParams,
  readTrigger,
  type Timer,
  type TriggerRule,
} from './index.js';

const names = { id: 'i', namespace: 'default', name: 't' };
const ruleOf = (event: Partial<EventRule>, more: { filter?: string; params?: Record<string, string> } = {}): TriggerRule => {
  const given: EventRule = { types: ['shop.order.*'], debounce: null, absence: null, ...event };
  const { rule, problems } = readTrigger({ filter: '', params: {}, webhook: null, event: given, ...more });
  if (rule === undefined) throw new Error(JSON.stringify(problems));
  return rule;
};
const absence = (given: object) => ({ within: null, after: null, deadline: null, by: '', ...given });

describe('patterns of types', () => {
  it.each([
    ['shop.order.paid', 'shop.order.paid', true],
    ['shop.*.paid', 'shop.order.paid', true],
    ['shop.*.paid', 'shop.order.item.paid', false],
    ['shop.*', 'shop.order.paid', true],
    ['shop.*', 'shop', false],
    ['*', 'anything.at.all', true],
    ['shop.order', 'shop.order.paid', false],
  ])('%s and %s: %s', (pattern, type, fits) => {
    expect(fitsType([pattern], type)).toBe(fits);
  });
});

describe('what an event is to a trigger', () => {
  const event = { type: 'shop.order.paid', subject: 'o1', data: { total: 12 } };

  it('matches when type and filter say so', () => {
    expect(judgeEvent(ruleOf({}, { filter: 'event.data.total > 10' }), event, names)).toEqual({ role: 'matches', key: '' });
    expect(judgeEvent(ruleOf({}, { filter: 'event.data.total > 20' }), event, names)).toMatchObject({ role: 'filtered' });
    expect(concerns(ruleOf({}), 'shop.refund')).toBe(false);
  });

  it('is told as a failure when the filter gives no answer', () => {
    expect(judgeEvent(ruleOf({}, { filter: 'event.data.missing > 1' }), event, names)).toMatchObject({ role: 'failed', reason: 'filter' });
    expect(judgeEvent(ruleOf({}, { filter: 'event.data.total' }), event, names)).toMatchObject({ message: expect.stringContaining('12') });
  });

  it('makes the params of the run, or says why not', () => {
    const rule = ruleOf({}, { params: { order: '${{ event.subject }}', by: '${{ trigger.name }}' } });
    expect(mapParams(rule, { event, events: [event] }, names)).toEqual({ params: { order: 'o1', by: 't' } });
    const wrong = ruleOf({}, { params: { order: '${{ event.nothing.here }}' } });
    expect(mapParams(wrong, { event, events: [event] }, names)).toMatchObject({ obstacle: { reason: 'params' } });
  });

  it('answers or begins an absence, by its key', () => {
    const rule = ruleOf({ absence: absence({ within: '1m', after: { types: ['shop.cart.filled'], filter: '' }, by: 'event.subject' }) });
    expect(judgeEvent(rule, event, names)).toEqual({ role: 'expected', key: 'o1' });
    expect(judgeEvent(rule, { type: 'shop.cart.filled', subject: 'o2' }, names)).toEqual({ role: 'awaits', key: 'o2' });
  });
});

describe('settings', () => {
  it('tell everything that is wrong with them', () => {
    const event = { types: ['a'], debounce: { quiet: 'x', atMost: '1m', give: 'last' as const, by: 'nope' }, absence: absence({}) };
    const { problems } = readTrigger({ filter: '1 +', params: { a: '${{ vars.x }}' }, webhook: null, event });
    expect(problems.map(({ path }) => path)).toEqual([
      'filter',
      'params.a',
      'event.debounce.quiet',
      'event.debounce.by',
      'event.absence',
      'event.debounce',
    ]);
  });
});

describe('quiet times', () => {
  const debounce = { quietMs: 1_000, atMostMs: 5_000, give: 'all' as const, by: null };

  it('end a while after the last event, but not later than they may, whatever comes when', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 50 }), (gaps) => {
        let now = 0;
        let timer: Timer | null = null;
        for (const [position, gap] of gaps.entries()) {
          now += gap;
          if (timer !== null && timer.dueAt <= now) timer = null;
          const before: number = timer?.events.length ?? 0;
          timer = collect(timer, { event: position }, debounce, now);
          expect(timer.events).toHaveLength(before + 1);
          expect(timer.dueAt).toBe(Math.min(now + 1_000, timer.since + 5_000));
        }
      }),
    );
  });

  it('end at once when a start can be given no more', () => {
    let timer: Timer | null = null;
    for (let event = 0; event < 100; event += 1) timer = collect(timer, { event }, { ...debounce, atMostMs: 1e9 }, 7);
    expect(timer).toMatchObject({ dueAt: 7 });
    expect(collect(null, { event: 1 }, { ...debounce, give: 'last' }, 7).events).toEqual([1]);
  });
});

describe('what does not happen', () => {
  it('after another event: a start is due unless it follows, and one that follows late answers nothing new', () => {
    const rule = ruleOf({ absence: absence({ within: '10s', after: { types: ['a'], filter: '' } }) }).absence;
    if (rule?.kind !== 'after') throw new Error('not after');
    const timer = awaitAfter(null, { event: 'A', at: 1_000 }, rule, 1_000);
    expect(timer).toEqual({ since: 1_000, dueAt: 11_000, events: ['A'] });
    expect(answered(timer, { event: 'B', at: 2_000 }, rule)).toBeNull();
    expect(answered(timer, { event: 'B', at: 500 }, rule)).toEqual(timer);
    expect(expire(timer, rule, 11_000)).toEqual({ isDue: true, next: null });
    expect(firstTimer(rule, 0)).toBeNull();
  });

  it('for a while: every event puts it off, and each silence is told once', () => {
    const rule = ruleOf({ absence: absence({ within: '10s' }) }).absence;
    if (rule === null) throw new Error('none');
    const first = firstTimer(rule, 0);
    expect(first).toMatchObject({ dueAt: 10_000 });
    const later = answered(first, { event: 'B', at: 4_000 }, rule);
    expect(later).toMatchObject({ since: 4_000, dueAt: 14_000 });
    expect(answered(later, { event: 'old', at: 1_000 }, rule)).toEqual(later);
    expect(expire(later as Timer, rule, 14_500)).toEqual({ isDue: true, next: { since: 14_500, dueAt: 24_500, events: [] } });
  });

  it('until a deadline: it is told at the deadline, and the next one counts anew', () => {
    const rule = ruleOf({ absence: absence({ deadline: { cron: '0 6 * * *', zone: 'UTC' } }) }).absence;
    if (rule === null) throw new Error('none');
    const noon = Date.parse('2026-11-23T12:00:00Z');
    const first = firstTimer(rule, noon) as Timer;
    expect(new Date(first.dueAt).toISOString()).toBe('2026-11-24T06:00:00.000Z');
    const seen = answered(first, { event: 'B', at: noon + 1 }, rule) as Timer;
    expect(expire(seen, rule, seen.dueAt)).toMatchObject({ isDue: false, next: { since: first.dueAt, events: [] } });
    expect(expire(first, rule, first.dueAt)).toMatchObject({ isDue: true });
  });
});
