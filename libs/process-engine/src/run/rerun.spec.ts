import { describe, expect, it } from '@jest/globals';
import type { CompiledProcess } from '../definition/compiled.js';
import { planRerun, variablesBefore } from './rerun.js';
import { fails, processOf, type Script, Simulation, succeeds } from './testing/index.js';

const PROCESS = processOf(`
variables: [{ name: n, type: integer, value: 0 }]
setup: [{ id: s, uses: log }]
flow:
  - { id: a, uses: log, set: { n: "\${{ vars.n + 1 }}" } }
  - { id: g, type: group, flow: [{ id: deep, uses: log }] }
  - { id: b, uses: log, with: { a: "\${{ tasks.a.result }}", deep: "\${{ tasks.deep.result }}", g: "\${{ tasks.g.result }}", n: "\${{ vars.n }}" } }
  - { id: c, uses: log, set: { n: "\${{ vars.n + 10 }}" } }
teardown: [{ id: t, uses: log }]`);

const SCRIPT: Script = { a: succeeds({ from: 'a' }), deep: succeeds({ from: 'deep' }) };

/** A new run of a process from a node of an earlier one. */
const rerun = (earlier: Simulation, from: string, process: CompiledProcess = earlier.store.process): Simulation => {
  const plan = planRerun(process, earlier.rows, from);
  const first = Object.fromEntries(process.variables.map(({ name, value }) => [name, value]));
  const facts = earlier.store.history.flatMap((entry) => entry.facts) as Parameters<typeof variablesBefore>[1];
  const variables = plan.entered === null ? {} : variablesBefore(first, facts, plan.entered, plan.reused);
  const reused = earlier.rows.filter(({ id }) => plan.reused.has(id));
  return new Simulation(process, { rerun: { from: plan.from, variables, reused } });
};

const done = (script: Script = SCRIPT, process = PROCESS) => new Simulation(process, { script }).play();

describe('a rerun from a node', () => {
  it('runs the setup and the node again and copies what was done before it', () => {
    const run = rerun(done(), 'b').play();
    expect(run.status).toBe('SUCCESS');
    expect(run.outcome).toEqual(['a SUCCESS', 'g SUCCESS', 'deep SUCCESS', 's SUCCESS', 'b SUCCESS', 'c SUCCESS', 't SUCCESS']);
    expect(run.dispatches.map(({ path }) => path)).toEqual(['s', 'b', 'c', 't']);
  });

  it('sees results, also of what ran inside a container, and says whose they are', () => {
    const earlier = done();
    const run = rerun(earlier, 'b').play();
    expect(run.row('b').input).toEqual({ a: { from: 'a' }, deep: { from: 'deep' }, g: { deep: { from: 'deep' } }, n: 1 });
    expect(run.row('a').reusedFrom).toBe(earlier.row('a').id);
    expect(run.row('a').id).not.toBe(earlier.row('a').id);
    expect(run.row('deep').parentId).toBe(run.row('g').id);
    expect(run.row('s').reusedFrom).toBeUndefined();
  });

  it('has the variables as they were when the node was last entered', () => {
    const earlier = done();
    expect(earlier.run.variables).toEqual({ n: 11 });
    expect(rerun(earlier, 'b').run.variables).toEqual({ n: 1 });
    expect(rerun(earlier, 'c').play().run.variables).toEqual({ n: 11 });
    expect(rerun(earlier, 'a').run.variables).toEqual({ n: 0 });
  });

  it('of a failed run goes on where it failed', () => {
    const run = rerun(done({ ...SCRIPT, b: fails() }), 'b').play();
    expect(run.status).toBe('SUCCESS');
  });

  it('takes the last visits of a loop', () => {
    const loop = processOf(`
variables: [{ name: n, type: integer, value: 0 }]
flow:
  - { id: a, uses: log, set: { n: "\${{ vars.n + 1 }}" } }
  - { id: again, type: switch, cases: [{ when: "\${{ vars.n < 3 }}", next: a }], default: b }
  - { id: b, uses: log, with: { visits: "\${{ tasks.a.result }}" } }`);
    const earlier = new Simulation(loop, {
      script: { a: [succeeds({ visit: 1 }), succeeds({ visit: 2 }), succeeds({ visit: 3 })] },
    }).play();
    const run = rerun(earlier, 'b').play();
    expect(run.outcome).toEqual(['a SUCCESS', 'again SUCCESS', 'b SUCCESS']);
    expect(run.row('b').input).toEqual({ visits: { visit: 3 } });
  });

  it('of a node inside a container takes the whole container', () => {
    expect(planRerun(PROCESS, done().rows, 'deep').from).toBe('g');
  });

  it('of a node that shares the folder of the run begins with the body', () => {
    const shared = processOf('workspace: run\nflow: [{ id: a, uses: log }, { id: b, uses: log }]');
    expect(planRerun(shared, done({}, shared).rows, 'b')).toEqual({ from: 'a', entered: null, reused: new Set() });
  });

  it('on another version takes over nodes with the same id and type only', () => {
    const other = processOf(`
variables: [{ name: n, type: integer, value: 0 }]
flow: [{ id: a, type: assign, set: { n: 5 } }, { id: g, type: group, flow: [{ id: deep, uses: log }] }, { id: b, uses: log }]`);
    const run = rerun(done(), 'b', other).play();
    expect(run.outcome).toEqual(['g SUCCESS', 'deep SUCCESS', 'b SUCCESS']);
  });

  it.each([
    ['s', 'rerun.not-in-body'],
    ['t', 'rerun.not-in-body'],
    ['nothing', 'rerun.unknown-node'],
    ['c', 'rerun.not-reached'],
  ])('from %s is refused: %s', (from, code) => {
    expect(() => planRerun(PROCESS, done({ b: fails() }).rows, from)).toThrow(expect.objectContaining({ code }));
  });
});

const DAG = processOf(`
type: dag
variables: [{ name: n, type: integer, value: 0 }]
setup: [{ id: s, uses: log }]
flow:
  - { id: a, uses: log }
  - { id: b, uses: log, needs: [a] }
  - { id: beside, uses: log, set: { n: "\${{ vars.n + 1 }}" } }
  - { id: never, uses: log, when: false }
  - { id: after, uses: log, needs: [never] }
  - { id: d, uses: log, needs: [b, beside], with: { a: "\${{ tasks.a.result }}", n: "\${{ vars.n }}" } }
teardown: [{ id: t, uses: log }]`);

describe('a rerun from a node of a dag', () => {
  it('runs the node and what needs it, and copies everything else', () => {
    const run = rerun(done({ a: succeeds({ from: 'a' }), beside: { after: 3_000 } }, DAG), 'b').play();
    expect(run.status).toBe('SUCCESS');
    expect(run.dispatches.map(({ path }) => path)).toEqual(['s', 'b', 'd', 't']);
    expect(run.row('d').input).toEqual({ a: { from: 'a' }, n: 1 });
    expect(run.row('after')).toMatchObject({ status: 'SKIP', skipReason: 'upstream' });
    expect(run.row('after').reusedFrom).toBeDefined();
  });

  it('runs again what failed beside the node, and what needs that', () => {
    const run = rerun(done({ beside: fails() }, DAG), 'b').play();
    expect(run.status).toBe('SUCCESS');
    expect(run.dispatches.map(({ path }) => path)).toEqual(['s', 'b', 'beside', 'd', 't']);
    expect(run.row('d').input).toMatchObject({ n: 1 });
  });

  it('runs the first nodes and all that need them when it is one of these', () => {
    const run = rerun(done({}, DAG), 'a').play();
    expect(run.dispatches.map(({ path }) => path)).toEqual(['s', 'a', 'b', 'd', 't']);
  });
});
