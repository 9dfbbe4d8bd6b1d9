import { describe, expect, it } from '@jest/globals';
import { fails, processOf, runs, type Script, Simulation, succeeds } from '../testing/index.js';

/** `a` before `b` and `c`, both before `d`; further keys of a node by its id. */
const diamond = (keys: Partial<Record<'a' | 'b' | 'c' | 'd', string>> = {}): ReturnType<typeof processOf> => {
  const node = (id: 'a' | 'b' | 'c' | 'd', needs: string): string =>
    `{ id: ${id}, uses: log, needs: [${needs}]${keys[id] ? `, ${keys[id]}` : ''} }`;
  return processOf(`
flow:
  - id: shape
    type: dag
    nodes: [${node('d', 'b, c')}, ${node('b', 'a')}, ${node('c', 'a')}, ${node('a', '')}]
  - { id: after, uses: log }`);
};

const play = (keys: Parameters<typeof diamond>[0] = {}, script: Script = {}): Simulation =>
  new Simulation(diamond(keys), { script }).play();
const outcomeOf = (run: Simulation, ...ids: string[]): string[] =>
  ids.map((id) => [run.row(id).status, run.row(id).skipReason].filter(Boolean).join(' '));

describe('a dag', () => {
  it('starts a node as soon as what it needs has ended, whatever the order in the list', () => {
    const run = play({}, { b: { after: 5_000 } });
    expect(run.status).toBe('SUCCESS');
    expect(['a', 'b', 'c', 'd', 'after'].map((id) => run.row(id).startedAt)).toEqual([0, 1_000, 1_000, 6_000, 7_000]);
    expect(run.row('b')).toMatchObject({ path: 'shape/b', parentId: run.row('shape').id });
  });

  it('gives its results by node id, or its outputs, and both see the nodes inside', () => {
    const process = processOf(`
flow:
  - { id: one, type: dag, nodes: [{ id: a, uses: log }, { id: b, uses: log, needs: [a], with: { n: "\${{ tasks.a.result.n }}" } }] }
  - { id: two, type: dag, nodes: [{ id: c, uses: log }], outputs: { sum: "\${{ tasks.a.result.n + tasks.c.result.n }}" } }
  - { id: report, uses: log, with: { one: "\${{ tasks.one.result }}", two: "\${{ tasks.two.result }}", b: "\${{ tasks.b.status }}" } }`);
    const run = new Simulation(process, { script: { a: succeeds({ n: 1 }), b: succeeds({}), c: succeeds({ n: 2 }) } }).play();
    expect(run.row('b').input).toEqual({ n: 1 });
    expect(run.row('report').input).toEqual({ one: { a: { n: 1 }, b: {} }, two: { sum: 3 }, b: 'SUCCESS' });
  });

  it('that is empty succeeds at once', () => {
    expect(new Simulation(processOf('flow: [{ id: shape, type: dag, nodes: [] }]')).play().outcome).toEqual(['shape SUCCESS']);
  });

  it('runs 100 nodes at once and keeps one character for each of the others', () => {
    const nodes = Array.from({ length: 1_000 }, (_, index) => `{ id: n${index}, uses: log }`).join(', ');
    const run = new Simulation(processOf(`flow: [{ id: shape, type: dag, nodes: [${nodes}] }]`)).play(3_500);
    expect(run.rows.filter((row) => row.status === 'RUNNING' && row.type === 'task')).toHaveLength(100);
    expect(JSON.stringify(run.run.state).length).toBeLessThan(40_000);
    expect(run.play().status).toBe('SUCCESS');
    expect(run.row('shape').finishedAt).toBe(10_000);
  });

  it('can be the root, with setup and teardown of the process', () => {
    const process = processOf(`
type: dag
setup: [{ id: before, uses: log }]
teardown: [{ id: clean, uses: log }]
outputs: { n: "\${{ tasks.b.result.n }}" }
flow: [{ id: b, uses: log, needs: [a] }, { id: a, uses: log }]`);
    const run = new Simulation(process, { script: { b: succeeds({ n: 7 }) } }).play();
    expect(run.outcome).toEqual(['before SUCCESS', 'a SUCCESS', 'b SUCCESS', 'clean SUCCESS']);
    expect(run.run.outputs).toEqual({ n: 7 });
    const failing = new Simulation(process, { script: { a: fails('boom') } }).play();
    expect(failing.run).toMatchObject({ status: 'FAILURE', error: { message: 'a: boom' } });
    expect(failing.row('clean').status).toBe('SUCCESS');
  });
});

describe('after a failure in a dag', () => {
  it('nodes that need it are skipped, the others still run, and the dag fails when all are done', () => {
    const run = play({}, { b: fails('boom', 'user', { after: 100 }), c: { after: 5_000 } });
    expect(outcomeOf(run, 'b', 'c', 'd')).toEqual(['FAILURE', 'SUCCESS', 'SKIP upstream']);
    expect(run.row('shape')).toMatchObject({ status: 'FAILURE', finishedAt: 6_000, error: { message: 'shape/b: boom' } });
    expect(run.status).toBe('FAILURE');
  });

  it('an ignored one counts as success', () => {
    const run = play({ b: 'onError: ignore' }, { b: fails() });
    expect(outcomeOf(run, 'b', 'd')).toEqual(['SKIP ignored', 'SUCCESS']);
    expect(run.status).toBe('SUCCESS');
  });

  it('a held one keeps the dag open, not the nodes that do not need it', () => {
    const run = new Simulation(diamond({ b: 'onError: hold' }), { script: { b: fails() } }).play(60_000);
    expect(run.row('shape').status).toBe('RUNNING');
    expect(outcomeOf(run, 'b', 'c')).toEqual(['FAILURE', 'SUCCESS']);
    run.operate({ name: 'stop' });
    expect(run.play().status).toBe('STOP');
  });

  it('its retry runs every node again in a new scope', () => {
    const process = processOf(
      'flow: [{ id: shape, type: dag, retry: { limit: 1, delay: 1s }, nodes: [{ id: a, uses: log }, { id: b, uses: log, needs: [a] }] }]',
    );
    const run = new Simulation(process, { script: { b: [fails(), succeeds()] } }).play();
    expect(run.outcome).toEqual(['shape SUCCESS', 'a SUCCESS', 'b FAILURE', 'a SUCCESS', 'b SUCCESS']);
    expect(run.row('shape').attempt).toBe(2);
  });
});

describe('SKIP in a dag', () => {
  it('by a condition runs down to the nodes that need success', () => {
    const run = play({ b: 'when: "${{ tasks.a.failed }}"' });
    expect(outcomeOf(run, 'b', 'c', 'd')).toEqual(['SKIP condition', 'SUCCESS', 'SKIP upstream']);
    expect(run.status).toBe('SUCCESS');
  });

  it('of a disabled node counts as success', () => {
    expect(outcomeOf(play({ b: 'disabled: true' }), 'b', 'd')).toEqual(['SKIP disabled', 'SUCCESS']);
  });

  it.each([
    ['all_success', 'SKIP upstream'],
    ['none_failed', 'SUCCESS'],
    ['all_done', 'SUCCESS'],
    ['one_success', 'SUCCESS'],
  ])('by a condition is, for %s, %s', (trigger, outcome) => {
    expect(outcomeOf(play({ b: 'when: false', d: `trigger: ${trigger}` }), 'd')).toEqual([outcome]);
  });
});

describe.each([
  // trigger, b fails, both fail, c still runs when b has succeeded
  ['all_success', 'SKIP upstream', 'SKIP upstream', false],
  ['none_failed', 'SKIP upstream', 'SKIP upstream', false],
  ['all_done', 'SUCCESS', 'SUCCESS', false],
  ['one_success', 'SUCCESS', 'SKIP upstream', true],
])('trigger %s', (trigger, oneFailed, allFailed, startsEarly) => {
  const keys = { d: `trigger: ${trigger}` };

  it(`gives ${oneFailed} when one of the needed nodes fails, and ${allFailed} when all do`, () => {
    expect(outcomeOf(play(keys, { b: fails() }), 'd')).toEqual([oneFailed]);
    expect(outcomeOf(play(keys, { b: fails(), c: fails() }), 'd')).toEqual([allFailed]);
  });

  it(`${startsEarly ? 'starts with the first success' : 'waits for all of them'}`, () => {
    expect(play(keys, { c: { after: 9_000 } }).row('d').startedAt).toBe(startsEarly ? 2_000 : 10_000);
  });
});

describe('a dag that is ended from outside', () => {
  it('starts nothing any more after a stop', () => {
    const run = new Simulation(diamond(), { script: { b: runs, c: runs } }).play(1_500);
    run.operate({ name: 'stop' });
    expect(run.play().outcome).toEqual(['shape STOP', 'a SUCCESS', 'b STOP', 'c STOP']);
  });

  it('starts nothing during a pause, and what is ready afterwards', () => {
    const run = new Simulation(diamond()).play(500);
    run.operate({ name: 'pause' });
    expect(run.play(60_000).outcome).toEqual(['shape RUNNING', 'a SUCCESS']);
    run.operate({ name: 'resume' });
    expect(run.play().status).toBe('SUCCESS');
  });

  it('fails with timeout.run after its timeout', () => {
    const process = processOf(
      'flow: [{ id: shape, type: dag, timeout: 3s, nodes: [{ id: a, uses: log }, { id: b, uses: log, needs: [a] }] }]',
    );
    const run = new Simulation(process, { script: { b: runs } }).play();
    expect(run.row('shape')).toMatchObject({ status: 'FAILURE', reason: 'timeout.run', finishedAt: 3_100 });
    expect(run.row('b').status).toBe('STOP');
  });
});
