import { describe, expect, it } from '@jest/globals';
import { fails, processOf, Simulation, type Script, succeeds } from '../testing/index.js';

const LANES = ['a', 'b', 'c', 'd'];

/** Four branches of two tasks each: `a1, a2` … `d1, d2`. */
const four = (keys = ''): ReturnType<typeof processOf> => {
  const branches = LANES.map((lane) => `${lane}: [{ id: ${lane}1, uses: log }, { id: ${lane}2, uses: log }]`).join(', ');
  return processOf(`
flow:
  - { id: lanes, type: parallel, branches: { ${branches} }${keys && `, ${keys}`} }
  - { id: after, uses: log }`);
};

const play = (keys: string, script: Script = {}): Simulation => new Simulation(four(keys), { script }).play();

describe('a parallel', () => {
  it('runs its branches at once and goes on when all have ended', () => {
    const run = play('');
    expect(run.status).toBe('SUCCESS');
    expect(LANES.map((lane) => run.row(`${lane}1`).startedAt)).toEqual([0, 0, 0, 0]);
    expect(run.row('after').startedAt).toBe(2_000);
    expect(run.row('lanes')).toMatchObject({ status: 'SUCCESS', startedAt: 0, finishedAt: 2_000 });
    expect(run.row('a1')).toMatchObject({ path: 'lanes/a/a1', parentId: run.row('lanes').id });
  });

  it('keeps to maxConcurrency and starts the next branch when one ends', () => {
    const run = play('maxConcurrency: 2');
    expect(LANES.map((lane) => run.row(`${lane}1`).startedAt)).toEqual([0, 0, 2_000, 2_000]);
  });

  it('of more branches than maxConcurrency holds only the open ones in its state', () => {
    const branches = Array.from({ length: 300 }, (_, index) => `b${index}: [{ id: n${index}, uses: log }]`).join(', ');
    const run = new Simulation(processOf(`flow: [{ id: p, type: parallel, maxConcurrency: 10, branches: { ${branches} } }]`)).play(15_500);
    expect(Object.keys(run.run.state.scopes as object)).toHaveLength(11);
    expect(JSON.stringify(run.run.state).length).toBeLessThan(8_000);
    expect(run.play().status).toBe('SUCCESS');
    expect(run.rows).toHaveLength(301);
  });

  it('fails when a branch fails, stopping the others first', () => {
    const run = play('failFast: true', { b1: fails('boom') });
    expect(run.status).toBe('FAILURE');
    expect(run.run.error?.message).toBe('lanes/b/b1: boom');
    expect(run.outcome).toEqual(['lanes FAILURE', 'a1 SUCCESS', 'b1 FAILURE', 'c1 STOP', 'd1 STOP', 'a2 STOP']);
    expect(run.row('lanes').finishedAt).toBe(1_100);
  });

  it('without failFast lets the others end before it fails', () => {
    const run = play('failFast: false', { b1: fails() });
    expect(run.status).toBe('FAILURE');
    expect(run.outcome.filter((line) => line.endsWith('SUCCESS'))).toHaveLength(6);
    expect(run.row('lanes').finishedAt).toBe(2_000);
  });

  it('fails when every branch fails', () => {
    expect(play('failFast: false', { a1: fails(), b1: fails(), c1: fails(), d1: fails() }).status).toBe('FAILURE');
  });

  it('with join any completes with the first success and stops the rest before it goes on', () => {
    const run = play('join: any', { b1: succeeds({}, { after: 100 }), b2: succeeds({}, { after: 100 }), a1: { after: 60_000 } });
    expect(run.status).toBe('SUCCESS');
    expect(run.row('a1')).toMatchObject({ status: 'STOP', reason: 'stopped', finishedAt: 300 });
    expect(run.row('after').startedAt).toBe(300);
  });

  it('with join any survives failures while a success is still possible', () => {
    const run = play('join: any', { a1: fails(), b1: fails(), c1: fails() });
    expect(run.row('lanes').status).toBe('SUCCESS');
    expect(run.row('d2').status).toBe('SUCCESS');
  });

  it('with a count completes with that many successes', () => {
    const run = play('join: 2', { a1: fails(), b1: { after: 500 }, b2: { after: 500 }, c1: { after: 700 }, c2: { after: 700 } });
    expect(run.row('lanes')).toMatchObject({ status: 'SUCCESS', finishedAt: 1_500 });
    expect(run.row('d2').status).toBe('STOP');
  });

  it('with a count fails when it can no longer be met', () => {
    const run = play('join: 3, failFast: true', { a1: fails('one'), b1: fails('two') });
    expect(run.row('lanes')).toMatchObject({ status: 'FAILURE', error: { message: 'lanes/a/a1: one' } });
  });

  it('waits no longer than the grace for a loser whose worker says nothing', () => {
    const run = play('join: any', { a1: { hangs: true } });
    expect(run.row('a1')).toMatchObject({ status: 'STOP', error: { code: 'stop.unconfirmed' } });
    expect(run.row('after').startedAt).toBe(2_000 + 12_000);
  });

  it('keeps the result of a loser that had ended before the cancel reached it', () => {
    const run = play('join: any', { b1: { after: 100 }, b2: { after: 100 } });
    const { id, attempt, dispatch, token } = run.row('a1');
    const again = new Simulation(four('join: any'), { script: { b1: { after: 100 }, b2: { after: 100 } } }).play(250);
    again.apply({
      kind: 'finished',
      taskInstanceId: id,
      attempt,
      dispatch,
      token: token as string,
      outcome: { status: 'SUCCESS', result: 1 },
    });
    expect(again.row('a1')).toMatchObject({ status: 'SUCCESS', result: 1 });
    expect(again.play().outcome).not.toContain('a2 PENDING');
  });

  it('lets its lanes add to one variable without losing anything', () => {
    const branches = LANES.map((lane) => `${lane}: [{ id: ${lane}, uses: log, set: { n: "\${{ vars.n + result.add }}" } }]`).join(', ');
    const process = processOf(
      `variables: [{ name: n, type: integer, value: 0 }]\nflow: [{ id: p, type: parallel, branches: { ${branches} } }]`,
    );
    const run = new Simulation(process, {
      script: Object.fromEntries(LANES.map((lane, index) => [lane, succeeds({ add: 10 ** index })])),
    }).play();
    expect(run.run.variables).toEqual({ n: 1_111 });
  });

  it('gives its results by branch, as a view over the rows', () => {
    const process = processOf(`
flow:
  - id: checks
    type: parallel
    branches: { unit: [{ id: test, uses: log }], lint: [{ id: style, uses: log }] }
  - { id: report, uses: log, with: { all: "\${{ tasks.checks.result }}", one: "\${{ tasks.test.result.passed }}" } }`);
    const run = new Simulation(process, { script: { test: succeeds({ passed: 7 }), style: succeeds({ warnings: 0 }) } }).play();
    expect(run.row('report').input).toEqual({ all: { unit: { test: { passed: 7 } }, lint: { style: { warnings: 0 } } }, one: 7 });
    expect(run.row('checks').result).toBeNull();
  });

  it('joins once however its branches end in one moment', () => {
    const run = play('join: any');
    const joins = run.store.history.flatMap(({ facts }) => facts).filter((fact) => fact.type === 'task' && fact.nodeId === 'after');
    expect(joins.map((fact) => fact.type === 'task' && fact.status)).toEqual(['PENDING', 'RUNNING', 'SUCCESS']);
  });
});
