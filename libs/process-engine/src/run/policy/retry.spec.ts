import { describe, expect, it } from '@jest/globals';
import { fails, type Played, processOf, Simulation, succeeds } from '../testing/index.js';

const times = (retry: string, plays: Played | readonly Played[], random?: () => number): Simulation =>
  new Simulation(processOf(`flow: [{ id: a, uses: log, retry: ${retry} }, { id: b, uses: log }]`), {
    script: { a: plays },
    ...(random && { random }),
  }).play();

/** Starts of the attempts of node `a`. */
const starts = (run: Simulation): (number | null)[] => [...run.store.attempts.map((attempt) => attempt.startedAt), run.row('a').startedAt];

describe('a retry', () => {
  it('repeats a failed attempt up to its limit and keeps every attempt', () => {
    const run = times('{ limit: 2, delay: 5s }', fails('boom'));
    expect(run.status).toBe('FAILURE');
    expect(run.row('a')).toMatchObject({ status: 'FAILURE', attempt: 3, failed: true });
    expect(run.store.attempts.map(({ attempt, failure }) => [attempt, failure.message])).toEqual([
      [1, 'boom'],
      [2, 'boom'],
    ]);
  });

  it('that succeeds goes on with the very next node', () => {
    const run = times('{ limit: 2, delay: 5s }', [fails(), succeeds({ ok: 1 })]);
    expect(run.outcome).toEqual(['a SUCCESS', 'b SUCCESS']);
    expect(run.row('a')).toMatchObject({ attempt: 2, failed: false, error: null, reason: null });
  });

  it('waits with status RETRY, a timer and a reason', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log, retry: { limit: 1, delay: 5s } }]'), {
      script: { a: fails('x', 'plugin') },
    });
    run.play(3_000);
    expect(run.row('a')).toMatchObject({ status: 'RETRY', reason: 'plugin', failed: true, session: null, token: null });
    expect([...run.store.timers.values()]).toMatchObject([{ kind: 'retry', dueAt: 6_000 }]);
  });

  it.each([
    ['fixed', '{ limit: 3, delay: 10s }', [0, 11, 22, 33]],
    ['linear', '{ limit: 3, delay: 10s, backoff: linear }', [0, 11, 32, 63]],
    ['exponential', '{ limit: 3, delay: 10s, backoff: exponential, factor: 3 }', [0, 11, 42, 133]],
    ['exponential up to maxDelay', '{ limit: 3, delay: 10s, backoff: exponential, maxDelay: 15s }', [0, 11, 27, 43]],
  ])('waits %s delays', (_name, retry, seconds) => {
    expect(starts(times(retry, fails()))).toEqual(seconds.map((second) => second * 1_000));
  });

  it('draws the share of the delay that jitter names', () => {
    expect(starts(times('{ limit: 1, delay: 10s, jitter: 0.5 }', fails(), () => 0))).toEqual([0, 6_000]);
    expect(starts(times('{ limit: 1, delay: 10s, jitter: 0.5 }', fails(), () => 0.5))).toEqual([0, 8_500]);
  });

  it('starts nothing later than its budget after the first start', () => {
    expect(times('{ limit: 9, delay: 10s, budget: 25s }', fails()).row('a').attempt).toBe(3);
  });

  it('repeats only the reasons it names', () => {
    expect(times('{ limit: 1, delay: 1s, reasons: [infra] }', fails('x', 'user')).row('a').attempt).toBe(1);
    expect(times('{ limit: 1, delay: 1s, reasons: [infra] }', { lost: true }).row('a').attempt).toBe(2);
  });

  it('repeats only while its condition holds', () => {
    const retry = `{ limit: 5, delay: 1s, when: "\${{ event.attempt < 2 && event.error.message == 'busy' }}" }`;
    expect(times(retry, fails('busy')).row('a').attempt).toBe(2);
    expect(times(retry, fails('broken')).row('a').attempt).toBe(1);
  });

  it('fails the node with the expression when its condition cannot be evaluated', () => {
    expect(times('{ limit: 5, when: "${{ event.error.nothing > 1 }}" }', fails()).row('a')).toMatchObject({
      attempt: 1,
      reason: 'expression',
    });
  });

  it('without a delay goes on at once, without a timer', () => {
    const run = times('{ limit: 2, delay: 0s }', [fails(), fails(), succeeds()]);
    expect(starts(run)).toEqual([0, 1_000, 2_000]);
  });

  it('never reuses the number of a dispatch', () => {
    const run = times('{ limit: 2, delay: 1s }', fails());
    expect(run.row('a').dispatch).toBe(3);
  });
});
