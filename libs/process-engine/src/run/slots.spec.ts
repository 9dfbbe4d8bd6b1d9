import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SlotRun } from './slots.js';
import { judgeSlot } from './slots.js';
import { processOf, Simulation } from './testing/index.js';

const run = (id: string, phase: SlotRun['phase'], more: Partial<SlotRun> = {}): SlotRun => ({
  id,
  phase,
  ancestors: [],
  limit: 1,
  policy: 'queue',
  ...more,
});
const verdicts = (runs: readonly SlotRun[]) =>
  runs.map(({ id }) => judgeSlot(runs, id)).map((v) => (v?.what === 'ended' ? v.status : (v?.what ?? null)));

describe('runs with one concurrency key', () => {
  it.each<[string, readonly SlotRun[], readonly (string | null)[]]>([
    ['the first gets a free slot, the next waits', [run('a', 'queued'), run('b', 'queued')], ['granted', null]],
    ['who waits goes on waiting', [run('a', 'body'), run('b', 'queued')], [null, null]],
    ['a slot is held until the teardown is over', [run('a', 'teardown'), run('b', 'queued')], [null, null]],
    ['as many as the limit says go on', [run('a', 'body', { limit: 2 }), run('b', 'queued', { limit: 2 })], [null, 'granted']],
    ['skip: ends at once where there is no slot', [run('a', 'body'), run('b', 'queued', { policy: 'skip' })], [null, 'STOP']],
    ['fail: fails at once where there is no slot', [run('a', 'body'), run('b', 'queued', { policy: 'fail' })], [null, 'FAILURE']],
    ['skip: begins where there is one', [run('b', 'queued', { policy: 'skip' })], ['granted']],
    [
      'cancel_running: the holder ends, the newest waits for that, older ones end',
      [run('a', 'body'), run('b', 'queued', { policy: 'cancel_running' }), run('c', 'queued', { policy: 'cancel_running' })],
      ['STOP', 'STOP', null],
    ],
    [
      'cancel_running: a holder that ends is not told twice',
      [run('a', 'stopping'), run('b', 'queued', { policy: 'cancel_running' })],
      [null, null],
    ],
    [
      'cancel_running: the oldest holder makes room',
      [run('a', 'body', { limit: 2 }), run('b', 'body', { limit: 2 }), run('c', 'queued', { policy: 'cancel_running', limit: 2 })],
      ['STOP', null, null],
    ],
    ['a child shares the slot of its ancestor', [run('a', 'body'), run('b', 'queued', { ancestors: ['x', 'a'] })], [null, 'granted']],
    [
      'a child that shares takes no slot from others',
      [run('a', 'body', { limit: 2 }), run('b', 'body', { ancestors: ['a'], limit: 2 }), run('c', 'queued', { limit: 2 })],
      [null, null, 'granted'],
    ],
  ])('%s', (_what, runs, expected) => {
    expect(verdicts(runs)).toEqual(expected);
  });

  it('never hold more slots than the limit and all come to an end, in whatever order they are looked at', () => {
    const policies = fc.array(fc.constantFrom<SlotRun['policy']>('queue', 'skip', 'cancel_running', 'fail'), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 3 }), fc.infiniteStream(fc.nat(100)), (chosen, limit, picks) => {
        let runs = chosen.map((policy, number) => run(String(number), 'queued', { policy, limit }));
        for (let step = 0; runs.length > 0; step++) {
          expect(step).toBeLessThan(10_000);
          expect(runs.filter(({ phase }) => phase !== 'queued').length).toBeLessThanOrEqual(limit);
          const picked = runs[picks.next().value % runs.length] as SlotRun;
          const verdict = judgeSlot(runs, picked.id);
          const isStuck = runs.every(({ id, phase }) => phase === 'queued' && judgeSlot(runs, id) === null);
          expect(isStuck).toBe(false);
          const ends = picked.phase !== 'queued' || verdict?.what === 'ended';
          if (ends && (verdict !== null || step % 3 === 0)) runs = runs.filter((other) => other !== picked);
          else if (verdict?.what === 'granted') runs = runs.map((other) => (other === picked ? { ...other, phase: 'body' } : other));
        }
      }),
    );
  });
});

describe('a run with a concurrency key', () => {
  const queued = (more = '') =>
    new Simulation(processOf(`concurrency: { key: "deploy-\${{ run.process }}", limit: 2 }\n${more}flow: [{ id: a, uses: log }]`));
  const refused = { what: 'ended', status: 'STOP', failure: { reason: 'policy', message: 'No slot.' } } as const;

  it('waits until it gets its slot; its clock stands still until then', () => {
    const simulation = queued();
    expect(simulation.run).toMatchObject({ status: 'PENDING', phase: 'queued', startedAt: null, deadlineAt: null });
    expect(simulation.run.waitsFor).toMatchObject({ kind: 'slot', key: expect.stringMatching(/^deploy-/) as unknown });
    simulation.now = 5_000;
    simulation.apply({ kind: 'slot', verdict: { what: 'granted' } });
    expect(simulation.run).toMatchObject({ status: 'RUNNING', startedAt: 5_000, deadlineAt: 5_000 + 86_400_000, waitsFor: null });
    expect(simulation.apply({ kind: 'slot', verdict: { what: 'granted' } }).changed).toBe(false);
    expect(simulation.play().status).toBe('SUCCESS');
  });

  it.each([false, true])('ends without having begun when it is stopped (by force: %s)', (force) => {
    const simulation = queued('callbacks: [{ states: [STOP], uses: log }]\n');
    simulation.operate({ name: 'stop', force });
    expect(simulation.run).toMatchObject({ status: 'STOP', phase: 'done', startedAt: null });
    expect(simulation.play().callbacks).toEqual(['log SUCCESS']);
  });

  it('ends without having begun when there is no slot for it', () => {
    const simulation = queued();
    simulation.apply({ kind: 'slot', verdict: refused });
    expect(simulation.run).toMatchObject({ status: 'STOP', error: { reason: 'policy' }, waitsFor: null });
  });

  it('is stopped for another one with its teardown, once', () => {
    const simulation = queued('teardown: [{ id: tidy, uses: log }]\n');
    simulation.apply({ kind: 'slot', verdict: { what: 'granted' } });
    simulation.apply({ kind: 'slot', verdict: refused });
    expect(simulation.run.phase).toBe('teardown');
    expect(simulation.apply({ kind: 'slot', verdict: refused }).changed).toBe(false);
    expect(simulation.play().outcome).toEqual(['a STOP', 'tidy SUCCESS']);
    expect(simulation.run).toMatchObject({ status: 'STOP', error: { reason: 'policy' } });
  });

  it('fails when its key is none', () => {
    const simulation = new Simulation(processOf('concurrency: { key: "${{ [1] }}" }\nflow: [{ id: a, uses: log }]'));
    expect(simulation.run).toMatchObject({ status: 'FAILURE', error: { code: 'expression.not-a-key' } });
  });
});
