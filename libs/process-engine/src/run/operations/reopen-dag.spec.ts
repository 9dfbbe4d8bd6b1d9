import { describe, expect, it } from '@jest/globals';
import type { OperationAnswer, TaskOperation } from '../event.js';
import { fails, processOf, type Script, Simulation, succeeds } from '../testing/index.js';

type WithoutTarget<T> = T extends unknown ? Omit<T, 'taskInstanceId' | 'attempt'> : never;

const ask = (run: Simulation, node: string, operation: WithoutTarget<TaskOperation>): OperationAnswer => {
  const { id: taskInstanceId, attempt } = run.row(node);
  return run.operate({ ...operation, taskInstanceId, attempt });
};

/** `a` and `b` beside each other, `c` after `a`, `d` after both, and one that cleans up however they end. */
const SHAPE = `
type: dag
flow:
  - { id: a, uses: log }
  - { id: b, uses: log }
  - { id: c, uses: log, needs: [a], with: { a: "\${{ tasks.a.result }}" } }
  - { id: d, uses: log, needs: [b, c] }
  - { id: clean, uses: log, needs: [d], trigger: all_done }`;

const ended = (script: Script, yaml = SHAPE): Simulation => new Simulation(processOf(yaml), { script }).play();
const paths = (run: Simulation, from: number): string[] => run.dispatches.filter(({ at }) => at >= from).map(({ path }) => path);

describe('a failed node of a dag that is the process', () => {
  it('opens the run again, and what was passed over for its sake runs; what has run does not', () => {
    const run = ended({ a: [fails(), succeeds({ n: 1 })] });
    expect(run.outcome).toEqual(['a FAILURE', 'b SUCCESS', 'c SKIP', 'd SKIP', 'clean SUCCESS']);
    const at = run.now;
    expect(ask(run, 'a', { name: 'retry' })).toMatchObject({ accepted: true, status: 'RUNNING' });
    expect(run.play().run).toMatchObject({ status: 'SUCCESS', generation: 2, error: null });
    expect(paths(run, at)).toEqual(['a', 'c', 'd']);
    expect(run.row('a').attempt).toBe(2);
    expect(run.row('c')).toMatchObject({ status: 'SUCCESS', visit: 2, input: { a: { n: 1 } } });
    expect(run.rows.filter(({ nodeId }) => nodeId === 'c').map(({ status }) => status)).toEqual(['SKIP', 'SUCCESS']);
  });

  it('leaves passed over what another failure decides, and the run fails for that one', () => {
    const run = ended({ a: [fails(), succeeds()], b: fails() });
    ask(run, 'a', { name: 'retry' });
    run.play();
    expect(run.run).toMatchObject({
      status: 'FAILURE',
      error: { code: 'dag.failures-left', message: 'b failed before and did not run again.' },
    });
    expect(run.rows.filter(({ nodeId }) => nodeId === 'd')).toHaveLength(1);
    expect(run.row('c').status).toBe('SUCCESS');
  });

  it('can be taken up one after another, also while the run goes on', () => {
    const run = ended({ a: [fails(), succeeds()], b: [fails(), succeeds()] });
    const at = run.now;
    expect(ask(run, 'a', { name: 'retry' })).toMatchObject({ accepted: true });
    expect(ask(run, 'b', { name: 'retry' })).toMatchObject({ accepted: true });
    expect(run.play().run).toMatchObject({ status: 'SUCCESS', generation: 2 });
    expect(paths(run, at)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('can be retried before the rest of the dag has ended', () => {
    const run = new Simulation(processOf(SHAPE), { script: { a: [fails(), succeeds()], b: { after: 60_000 } } }).play(5_000);
    expect(run.run).toMatchObject({ status: 'RUNNING', phase: 'body' });
    expect(ask(run, 'a', { name: 'retry' })).toMatchObject({ accepted: true });
    expect(run.play().run).toMatchObject({ status: 'SUCCESS', generation: 1 });
    expect(run.row('c')).toMatchObject({ status: 'SUCCESS', visit: 2 });
  });

  it('can be skipped, or given a result', () => {
    const skipped = ended({ a: fails() });
    ask(skipped, 'a', { name: 'skip' });
    expect(skipped.play().status).toBe('SUCCESS');
    const given = ended({ a: fails() });
    ask(given, 'a', { name: 'succeed', result: { by: 'hand' } });
    expect(given.play().row('c').input).toEqual({ a: { by: 'hand' } });
  });

  it('that fails again ends the run again, and can be retried once more', () => {
    const run = ended({ a: [fails(), fails(), succeeds()] });
    ask(run, 'a', { name: 'retry' });
    expect(run.play().run).toMatchObject({ status: 'FAILURE', generation: 2 });
    ask(run, 'a', { name: 'retry' });
    expect(run.play().run).toMatchObject({ status: 'SUCCESS', generation: 3 });
  });

  it('waits for the setup, which runs again after the teardown', () => {
    const torn = `setup: [{ id: s, uses: log }]\nteardown: [{ id: t, uses: log }]${SHAPE}`;
    const run = ended({ a: [fails(), succeeds()] }, torn);
    const at = run.now;
    ask(run, 'a', { name: 'retry' });
    expect(run.play().status).toBe('SUCCESS');
    expect(paths(run, at)).toEqual(['s', 'a', 'c', 'd', 't']);
  });

  it('is not opened again by what runs beside it: a finished node, a teardown that failed', () => {
    const run = ended({ a: fails(), t: fails() }, `teardown: [{ id: t, uses: log }]${SHAPE}`);
    for (const node of ['b', 'c', 't']) expect(ask(run, node, { name: 'retry' })).toMatchObject({ accepted: false, allowed: [] });
  });

  it('takes its slot again before it goes on', () => {
    const run = ended({ a: [fails(), succeeds()] }, `concurrency: { key: k, limit: 1, policy: queue }${SHAPE}`);
    run.apply({ kind: 'slot', verdict: { what: 'granted' } });
    run.play();
    ask(run, 'a', { name: 'retry' });
    expect(run.run).toMatchObject({ status: 'PENDING', phase: 'queued' });
    run.apply({ kind: 'slot', verdict: { what: 'granted' } });
    expect(run.play().status).toBe('SUCCESS');
  });

  it('stopped beside a failure, by the time-out of the run, runs again with it', () => {
    const run = ended({ a: [fails(), succeeds()], b: [{ after: 60_000 }, succeeds()] }, `timeout: 10s${SHAPE}`);
    expect(run.run.error?.reason).toBe('timeout.run');
    expect(ask(run, 'a', { name: 'retry' })).toMatchObject({ accepted: true });
    expect(run.play().status).toBe('SUCCESS');
    expect(run.row('b')).toMatchObject({ status: 'SUCCESS', visit: 2 });
  });
});
