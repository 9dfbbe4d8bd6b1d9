import { describe, expect, it } from '@jest/globals';
import type { CompiledProcess, CompiledRetry } from '../../definition/compiled.js';
import { fails, processOf, Simulation, succeeds } from '../testing/index.js';

const RETRY: CompiledRetry = { limit: 2, delay: { kind: 'literal', value: 5_000 }, backoff: 'fixed', factor: 2, jitter: 0 };

/** The same process with a retry on one of its containers. */
const repeating = (process: CompiledProcess, id: string): CompiledProcess => {
  const node = process.nodes.get(id);
  if (!node) throw new Error(`no node ${id}`);
  return { ...process, nodes: new Map([...process.nodes, [id, { ...node, retry: RETRY }]]) };
};

const LANES = repeating(
  processOf(`
flow:
  - { id: p, type: parallel, branches: { x: [{ id: a, uses: log }], y: [{ id: b, uses: log }] } }
  - { id: report, uses: log, with: { all: "\${{ tasks.p.result }}" } }`),
  'p',
);

describe('a container that is repeated', () => {
  it('runs its flows again in new scopes, as another attempt of the same task instance', () => {
    const run = new Simulation(LANES, { script: { a: [fails(), succeeds({ n: 1 })], b: [succeeds({ n: 0 }), succeeds({ n: 2 })] } }).play();
    expect(run.status).toBe('SUCCESS');
    expect(run.row('p')).toMatchObject({ status: 'SUCCESS', attempt: 2, failed: false });
    expect(run.rows.filter((row) => row.nodeId === 'a').map((row) => [row.scope, row.status])).toEqual([
      [1, 'FAILURE'],
      [3, 'SUCCESS'],
    ]);
    expect(run.store.attempts).toMatchObject([{ taskInstanceId: run.row('p').id, attempt: 1, failure: { reason: 'user' } }]);
  });

  it('gives the results of its last attempt', () => {
    const run = new Simulation(LANES, { script: { a: [fails(), succeeds({ n: 1 })], b: [succeeds({ n: 0 }), succeeds({ n: 2 })] } }).play();
    expect(run.row('report').input).toEqual({ all: { x: { a: { n: 1 } }, y: { b: { n: 2 } } } });
  });

  it('does not hear late events of the attempt before', () => {
    const run = new Simulation(LANES, { script: { a: fails('x', 'user', { after: 100 }), b: { hangs: true } } }).play(15_000);
    const old = run.rows.filter((row) => row.nodeId === 'b')[0];
    expect(run.rows.filter((row) => row.nodeId === 'b')).toHaveLength(1);
    run.play(18_000);
    const { id, attempt, dispatch, token } = old ?? run.row('b');
    const late = run.apply({
      kind: 'finished',
      taskInstanceId: id,
      attempt,
      dispatch,
      token: token ?? '',
      outcome: { status: 'SUCCESS', result: 1 },
    });
    expect(late.changed).toBe(false);
    expect(run.row('p')).toMatchObject({ status: 'RUNNING', attempt: 2 });
  });

  it('stops waiting for its next attempt when the run is stopped', () => {
    const run = new Simulation(LANES, { script: { a: fails() } }).play(3_000);
    expect(run.row('p').status).toBe('RETRY');
    run.operate({ name: 'stop' });
    expect(run.status).toBe('STOP');
    expect(run.row('p').status).toBe('STOP');
    expect(run.store.timers.size).toBe(0);
  });

  it('fails for good after its last attempt', () => {
    const group = repeating(processOf('flow: [{ id: g, type: group, flow: [{ id: a, uses: log }] }]'), 'g');
    const run = new Simulation(group, { script: { a: fails('boom') } }).play();
    expect(run.run.error?.message).toBe('g/a: boom');
    expect(run.row('g')).toMatchObject({ status: 'FAILURE', attempt: 3 });
    expect(run.rows.filter((row) => row.nodeId === 'a')).toHaveLength(3);
  });
});
