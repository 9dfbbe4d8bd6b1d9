import { describe, expect, it } from '@jest/globals';
import type { ClaimAnswer } from '../event.js';
import { processOf, Simulation } from '../testing/index.js';

const NOBODY = { unclaimed: true };
const claim = (run: Simulation, node: string, worker: string): ClaimAnswer => {
  const { id, attempt, dispatch } = run.row(node);
  const event = { kind: 'claim', taskInstanceId: id, attempt, dispatch, session: `s-${worker}`, worker, idempotent: true } as const;
  return run.apply(event).changes.answer as ClaimAnswer;
};

const lanes = (workspace: string): Simulation =>
  new Simulation(
    processOf(`
${workspace}
flow: [{ id: p, type: parallel, branches: { x: [{ id: a, uses: log }, { id: c, uses: log }], y: [{ id: b, uses: log }] } }]
teardown: [{ id: t, uses: log }]`),
    { script: { a: NOBODY, b: NOBODY, c: NOBODY, t: NOBODY } },
  );

const finish = (run: Simulation, node: string): void => {
  const { id, attempt, dispatch, token } = run.row(node);
  run.apply({ kind: 'finished', taskInstanceId: id, attempt, dispatch, token: token ?? '', outcome: { status: 'SUCCESS', result: {} } });
};

describe('a shared folder', () => {
  it('belongs to the worker that takes the first task; what is queued is sent to that worker', () => {
    const run = lanes('workspace: run');
    expect(run.row('a').workspace).toBe(run.store.constants.header.id);
    const stale = run.row('b');
    expect(claim(run, 'a', 'w1').granted).toBe(true);
    expect(run.row('b')).toMatchObject({ status: 'PENDING', dispatch: stale.dispatch + 1, worker: 'w1' });
    expect(claim(run, 'b', 'w2')).toEqual({ granted: false, refusal: 'elsewhere' });
    expect(claim(run, 'b', 'w1').granted).toBe(true);
  });

  it('sends what becomes ready later to that worker at once, the teardown too', () => {
    const run = lanes('workspace: run');
    claim(run, 'a', 'w1');
    finish(run, 'a');
    expect(run.row('c')).toMatchObject({ worker: 'w1', dispatch: 1 });
    for (const node of ['b', 'c']) {
      claim(run, node, 'w1');
      finish(run, node);
    }
    expect(run.row('t')).toMatchObject({ worker: 'w1', workspace: run.row('a').workspace });
  });

  it('without it every task may run anywhere', () => {
    const run = lanes('description: no folder');
    expect(run.row('a').workspace).toBeNull();
    expect([claim(run, 'a', 'w1').granted, claim(run, 'b', 'w2').granted]).toEqual([true, true]);
  });

  it('stays with its worker when an idempotent task is lost', () => {
    const run = lanes('workspace: run');
    claim(run, 'a', 'w1');
    const { id, token } = run.row('a');
    run.apply({ kind: 'lost', taskInstanceId: id, attempt: 1, dispatch: 1, token: token ?? '', message: 'gone' });
    expect(run.row('a')).toMatchObject({ status: 'PENDING', worker: 'w1', dispatch: 2 });
  });

  it('whose worker stays away fails the run with infra; the teardown may run elsewhere', () => {
    const run = lanes('workspace: run');
    claim(run, 'a', 'w1');
    const { id, token } = run.row('a');
    run.apply({ kind: 'lost', taskInstanceId: id, attempt: 1, dispatch: 1, token: token ?? '', message: 'gone' });
    expect(run.apply({ kind: 'workspace-lost', worker: 'w1' }).changed).toBe(true);
    expect(run.apply({ kind: 'workspace-lost', worker: 'w1' }).changed).toBe(false);
    expect(run.run.phase).toBe('teardown');
    expect(claim(run, 't', 'w2').granted).toBe(true);
    finish(run, 't');
    expect(run.status).toBe('FAILURE');
    expect(run.run.error).toMatchObject({ reason: 'infra', code: 'workspace.lost' });
  });

  it('whose worker is lost during the teardown lets the teardown go on elsewhere and leaves the outcome of the body', () => {
    const run = lanes('workspace: run');
    for (const node of ['a', 'b', 'c']) {
      claim(run, node, 'w1');
      finish(run, node);
    }
    run.apply({ kind: 'workspace-lost', worker: 'w1' });
    expect(run.row('t')).toMatchObject({ status: 'PENDING', worker: null, dispatch: 2 });
    claim(run, 't', 'w2');
    finish(run, 't');
    expect(run.status).toBe('SUCCESS');
  });

  it('of a group fails the group only, whose strategies apply', () => {
    const run = new Simulation(
      processOf('flow: [{ id: g, type: group, workspace: run, onError: ignore, flow: [{ id: a, uses: log }] }, { id: after, uses: log }]'),
      { script: { a: NOBODY } },
    );
    expect(run.row('a').workspace).toContain(run.row('g').id);
    claim(run, 'a', 'w1');
    const { id, token } = run.row('a');
    run.apply({ kind: 'lost', taskInstanceId: id, attempt: 1, dispatch: 1, token: token ?? '', message: 'gone' });
    run.apply({ kind: 'workspace-lost', worker: 'w1' });
    expect(run.play().status).toBe('SUCCESS');
    expect(run.row('g')).toMatchObject({ status: 'SKIP', reason: 'infra' });
  });
});
