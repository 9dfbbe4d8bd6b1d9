import { describe, expect, it } from '@jest/globals';
import type { ClaimAnswer, ClaimEvent } from '../event.js';
import { processOf, runs, Simulation } from '../testing/index.js';

const NOBODY = { script: { a: { unclaimed: true } } };

const claimOf = (run: Simulation, more: Partial<ClaimEvent> = {}): ClaimEvent => {
  const { id, attempt, dispatch } = run.row('a');
  return { kind: 'claim', taskInstanceId: id, attempt, dispatch, session: 's1', worker: 'w1', idempotent: false, ...more };
};

const answer = (run: Simulation, event: ClaimEvent): ClaimAnswer => run.apply(event).changes.answer as ClaimAnswer;

const started = (yaml = 'flow: [{ id: a, uses: log, timeout: 60s }]'): Simulation => new Simulation(processOf(yaml), NOBODY);

describe('a claim', () => {
  it('is granted once: PENDING becomes RUNNING with a token, a session and a backstop', () => {
    const run = started(
      'params: [{ name: p, type: text }]\nvariables: [{ name: v, type: integer, value: 1 }]\nflow: [{ id: a, uses: log, timeout: 60s }]',
    );
    run.now = 5_000;
    expect(answer(run, claimOf(run))).toMatchObject({ granted: true, params: {}, variables: { v: 1 } });
    expect(run.row('a')).toMatchObject({ status: 'RUNNING', worker: 'w1', session: 's1', startedAt: 5_000, deadlineAt: 85_000 });
    expect(run.row('a').token).toMatch(/^token-/);
  });

  it('of the same session gets the same answer, and changes nothing', () => {
    const run = started();
    const first = answer(run, claimOf(run));
    const again = run.apply(claimOf(run));
    expect(again.changed).toBe(false);
    expect(again.changes.answer).toEqual(first);
  });

  it('of another session is refused as taken', () => {
    const run = started();
    answer(run, claimOf(run));
    expect(answer(run, claimOf(run, { session: 's2', worker: 'w2' }))).toEqual({ granted: false, refusal: 'taken' });
  });

  it('on the subject of another queue is refused: a worker takes tasks of its own queues only', () => {
    const run = started('flow: [{ id: a, uses: log, queue: production }]');
    expect(answer(run, claimOf(run, { queue: 'default' }))).toEqual({ granted: false, refusal: 'elsewhere' });
    expect(answer(run, claimOf(run, { queue: 'production' }))).toMatchObject({ granted: true });
  });

  it('of a callback is refused on the subject of another queue, too', () => {
    const run = new Simulation(
      processOf('flow: [{ id: a, uses: log, queue: production, callbacks: [{ states: [SUCCESS], uses: tell }] }]'),
      { script: { 'callback tell': { unclaimed: true } } },
    );
    run.play(10_000);
    const { id, attempt, dispatch } = run.rows.find(({ kind }) => kind === 'callback') ?? run.row('a');
    const claims = (queue: string) => answer(run, claimOf(run, { taskInstanceId: id, attempt, dispatch, queue }));
    expect(claims('default')).toEqual({ granted: false, refusal: 'elsewhere' });
    expect(claims('production')).toMatchObject({ granted: true });
  });

  it.each([
    ['another attempt', { attempt: 2 }],
    ['another dispatch', { dispatch: 2 }],
    ['a task instance nobody knows', { taskInstanceId: '00000000-0000-7000-8000-ffffffffffff' }],
  ])('of %s is refused as superseded', (_name, more) => {
    const run = started();
    expect(answer(run, claimOf(run, more))).toEqual({ granted: false, refusal: 'superseded' });
  });

  it('during a pause is refused as paused, and after the resume by its old dispatch', () => {
    const run = started();
    const before = claimOf(run);
    run.operate({ name: 'pause' });
    expect(answer(run, before)).toEqual({ granted: false, refusal: 'paused' });
    run.operate({ name: 'resume' });
    expect(answer(run, before)).toEqual({ granted: false, refusal: 'superseded' });
    expect(answer(run, claimOf(run))).toMatchObject({ granted: true });
  });

  it('after a stop is refused as stopped', () => {
    const run = started();
    const before = claimOf(run);
    run.operate({ name: 'stop' });
    expect(answer(run, before)).toEqual({ granted: false, refusal: 'stopped' });
  });

  it('of a task that ended is refused', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log }, { id: b, uses: log }]'), { script: { b: runs } }).play(2_000);
    expect(answer(run, claimOf(run))).toEqual({ granted: false, refusal: 'superseded' });
  });
});

describe('a result', () => {
  const finished = (run: Simulation, token: string, more: object = {}) => {
    const { id, attempt, dispatch } = run.row('a');
    const outcome = { status: 'SUCCESS' as const, result: { from: token } };
    return run.apply({ kind: 'finished', taskInstanceId: id, attempt, dispatch, token, outcome, ...more });
  };

  it('without the token of the claim is not applied', () => {
    const run = started();
    answer(run, claimOf(run));
    expect(finished(run, 'guessed').changed).toBe(false);
    expect(run.row('a').status).toBe('RUNNING');
  });

  it('of an attempt nobody claimed is not applied', () => {
    expect(finished(started(), 'guessed').changed).toBe(false);
  });

  it('that comes twice is applied once', () => {
    const run = started();
    const granted = answer(run, claimOf(run));
    const token = granted.granted ? granted.token : '';
    expect(finished(run, token, { logChunks: 3 }).changed).toBe(true);
    expect(finished(run, token).changed).toBe(false);
    expect(run.row('a').logChunks).toBe(3);
  });

  it('of an earlier dispatch is not applied', () => {
    const run = started();
    const granted = answer(run, claimOf(run, { idempotent: true }));
    const token = granted.granted ? granted.token : '';
    const { id } = run.row('a');
    run.apply({ kind: 'lost', taskInstanceId: id, attempt: 1, dispatch: 1, token, message: 'lease ran out' });
    const late = run.apply({
      kind: 'finished',
      taskInstanceId: id,
      attempt: 1,
      dispatch: 1,
      token,
      outcome: { status: 'SUCCESS', result: 1 },
    });
    expect(late.changed).toBe(false);
    expect(run.row('a')).toMatchObject({ status: 'PENDING', attempt: 1, dispatch: 2 });
  });
});
