import { describe, expect, it } from '@jest/globals';
import { type DebugAction, type DebugStops, isTerminalProcess } from '@orderlines/contracts';
import fc from 'fast-check';
import type { CompiledProcess } from '../../definition/compiled.js';
import { fails, processOf, type Script, Simulation, succeeds, unexplained } from '../testing/index.js';
import { anyProcess } from '../testing/random-process.js';
import { anyScript } from '../testing/random-script.js';

const PROCESS = processOf(`
variables: [{ name: n, type: integer, value: 1 }]
flow:
  - { id: a, uses: log, with: { n: "\${{ vars.n }}" } }
  - id: g
    type: group
    flow: [{ id: b, uses: log }, { id: c, uses: log }]
  - { id: d, uses: log, breakpoint: true }`);

const debugged = (stops: DebugStops = 'all', process = PROCESS, script: Script = {}): Simulation =>
  new Simulation(process, { debug: stops, script }).play(100_000);
const act = (run: Simulation, action: DebugAction) => {
  const answer = run.operate({ name: 'debug', action });
  run.play(run.now + 100_000);
  return answer;
};
/** Nodes before which the run is stopped. */
const stops = (run: Simulation): readonly string[] =>
  run.rows.filter(({ waitsFor }) => waitsFor?.kind === 'breakpoint').map(({ path }) => path);

describe('a debugged run', () => {
  it('stops before every node, shows what the node would be given, and starts nothing', () => {
    const run = debugged();
    expect(stops(run)).toEqual(['a']);
    expect(run.row('a')).toMatchObject({ status: 'WAITING', input: { n: 1 }, waitsFor: { kind: 'breakpoint', scope: 0 } });
    expect(run.dispatches).toEqual([]);
  });

  it('steps over a container, or into it and out of it again', () => {
    const over = debugged();
    act(over, { action: 'step' });
    act(over, { action: 'step' });
    expect(stops(over)).toEqual(['d']);
    expect(over.outcome).toEqual(['a SUCCESS', 'g SUCCESS', 'b SUCCESS', 'c SUCCESS', 'd WAITING']);

    const into = debugged();
    act(into, { action: 'step' });
    act(into, { action: 'into' });
    expect(stops(into)).toEqual(['g/b']);
    act(into, { action: 'step' });
    act(into, { action: 'step' });
    expect(stops(into)).toEqual(['d']);
    act(into, { action: 'step' });
    expect(into.status).toBe('SUCCESS');
  });

  it('goes on to the next breakpoint, and to the end behind the last', () => {
    const run = debugged();
    act(run, { action: 'continue' });
    expect(stops(run)).toEqual(['d']);
    expect(act(run, { action: 'continue' })).toMatchObject({ accepted: true, status: 'RUNNING' });
    expect(run.status).toBe('SUCCESS');
  });

  it('stops at breakpoints only when it is started so, also at those set and cleared on the run', () => {
    const run = debugged('breakpoints');
    expect(stops(run)).toEqual(['d']);
    expect(run.row('a').status).toBe('SUCCESS');

    const set = new Simulation(PROCESS, { debug: 'breakpoints', script: { a: { after: 1_000 } } });
    expect(set.operate({ name: 'debug', action: { action: 'breakpoints', set: ['c'], clear: ['d'] } })).toMatchObject({ accepted: true });
    set.play(10_000);
    expect(stops(set)).toEqual(['g/c']);
    act(set, { action: 'continue' });
    expect(set.status).toBe('SUCCESS');
    expect(debugged().operate({ name: 'debug', action: { action: 'breakpoints', set: ['nobody'], clear: [] } })).toMatchObject({
      accepted: false,
    });
  });

  it.each([
    ['${{ vars.n == 1 }}', ['a']],
    ['${{ vars.n == 2 }}', []],
    ['${{ vars.n / 0 > 1 }}', ['a']],
  ])('a breakpoint with the condition %s stops %j', (condition, expected) => {
    const process = processOf(
      `variables: [{ name: n, type: integer, value: 1 }]\nflow: [{ id: a, uses: log, breakpoint: "${condition}" }]`,
    );
    expect(stops(debugged('breakpoints', process))).toEqual(expected);
  });

  it('passes by breakpoints when it is not debugged', () => {
    const run = new Simulation(PROCESS).play();
    expect(run.status).toBe('SUCCESS');
    expect(run.operate({ name: 'debug', action: { action: 'continue' } })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('start it with mode debug'),
    });
  });
});

describe('at a stop', () => {
  it('variables can be written, and what is shown follows them', () => {
    const run = debugged();
    expect(act(run, { action: 'variables', values: { n: 7 } })).toMatchObject({ accepted: true });
    expect(run.row('a').input).toEqual({ n: 7 });
    act(run, { action: 'step' });
    expect(run.row('a')).toMatchObject({ status: 'SUCCESS', input: { n: 7 } });
    expect(act(run, { action: 'variables', values: { n: 'many' } })).toMatchObject({ accepted: false });
    expect(run.run.variables).toEqual({ n: 7 });
  });

  it('the inputs of a task can be replaced: it runs with these', () => {
    const run = debugged();
    act(run, { action: 'inputs', input: { n: 99 } });
    act(run, { action: 'variables', values: { n: 7 } });
    act(run, { action: 'step' });
    expect(run.row('a')).toMatchObject({ status: 'SUCCESS', input: { n: 99 } });
    expect(act(run, { action: 'inputs', input: {} })).toMatchObject({ accepted: false, message: expect.stringContaining('g is a group') });
  });

  it('inputs that cannot be resolved are shown as the failure they would be, until they can', () => {
    const process = processOf(
      'variables: [{ name: n, type: integer, value: 0 }]\nflow: [{ id: a, uses: log, with: { n: "${{ 1 / vars.n }}" } }]',
    );
    const run = debugged('all', process);
    expect(run.row('a')).toMatchObject({ status: 'WAITING', error: { reason: 'expression' } });
    act(run, { action: 'variables', values: { n: 2 } });
    expect(run.row('a')).toMatchObject({ input: { n: 0.5 }, error: null });
    act(run, { action: 'step' });
    expect(run.status).toBe('SUCCESS');
  });

  it('a result can be given instead of running the node, a container too', () => {
    const process = processOf(`
variables: [{ name: seen, type: any }]
flow:
  - { id: a, uses: log, set: { seen: "\${{ result.n }}" } }
  - { id: g, type: group, flow: [{ id: b, uses: log }] }
outputs: { a: "\${{ tasks.a.result.n }}", g: "\${{ tasks.g.result.b }}" }`);
    const run = debugged('all', process);
    act(run, { action: 'mock', result: { n: 5 } });
    act(run, { action: 'mock', result: { b: 6 } });
    expect(run.status).toBe('SUCCESS');
    expect(run.run).toMatchObject({ outputs: { a: 5, g: 6 }, variables: { seen: 5 } });
    expect(run.dispatches).toEqual([]);
  });

  it('a switch is mocked by the case it takes', () => {
    const process = processOf(`
flow:
  - id: s
    type: switch
    cases: [{ name: x, when: "\${{ false }}", next: x }]
    default: y
  - { id: x, uses: log, next: end }
  - { id: y, uses: log }`);
    const run = debugged('all', process);
    expect(act(run, { action: 'mock', result: { case: 'nowhere' } })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('x, default'),
    });
    act(run, { action: 'mock', result: { case: 'x' } });
    expect(stops(run)).toEqual(['x']);
  });

  it('a node can be skipped', () => {
    const run = debugged();
    act(run, { action: 'skip' });
    expect(run.row('a')).toMatchObject({ status: 'SKIP', skipReason: 'operator' });
    expect(stops(run)).toEqual(['g']);
  });

  it('the last node can be run again, and the stopped one is reached behind it', () => {
    const run = debugged();
    expect(act(run, { action: 'rerun' })).toMatchObject({ accepted: false, message: expect.stringContaining('No node ran before a') });
    act(run, { action: 'step' });
    act(run, { action: 'variables', values: { n: 2 } });
    act(run, { action: 'rerun' });
    expect(run.rows.map(({ path, visit, status }) => `${path} ${visit} ${status}`)).toEqual([
      'a 1 SUCCESS',
      'g 1 STOP',
      'a 2 SUCCESS',
      'g 2 WAITING',
    ]);
    expect(run.row('a').input).toEqual({ n: 2 });
    act(run, { action: 'continue' });
    act(run, { action: 'continue' });
    expect(run.status).toBe('SUCCESS');
  });

  it('the run can be stopped: its teardown runs without stops', () => {
    const process = processOf('flow: [{ id: a, uses: log }]\nteardown: [{ id: t, uses: log }, { id: u, uses: log }]');
    const run = debugged('all', process);
    act(run, { action: 'stop' });
    expect(run.status).toBe('STOP');
    expect(run.outcome).toEqual(['a STOP', 't SUCCESS', 'u SUCCESS']);

    const inTeardown = debugged('all', process);
    act(inTeardown, { action: 'step' });
    expect(stops(inTeardown)).toEqual(['t']);
    inTeardown.operate({ name: 'stop' });
    inTeardown.play();
    expect(inTeardown.outcome).toEqual(['a SUCCESS', 't SUCCESS', 'u SUCCESS']);
  });
});

describe('several stops', () => {
  const LANES = processOf(`
flow:
  - id: p
    type: parallel
    branches:
      x: [{ id: a, uses: log }, { id: b, uses: log }]
      y: [{ id: c, uses: log }, { id: d, uses: log }]`);
  const stepped = () => {
    const run = debugged('all', LANES);
    act(run, { action: 'into' });
    return run;
  };

  it('stand at once, and a step says which is meant', () => {
    const run = stepped();
    expect(stops(run)).toEqual(['p/x/a', 'p/y/c']);
    expect(act(run, { action: 'step' })).toMatchObject({
      accepted: false,
      message: expect.stringMatching(/^Say which: .*p\/x\/a .*p\/y\/c/),
    });
    act(run, { action: 'step', scope: run.row('c').scope });
    expect(stops(run)).toEqual(['p/x/a', 'p/y/d']);
    act(run, { action: 'step', task: run.row('a').id });
    expect(stops(run)).toEqual(['p/y/d', 'p/x/b']);
    expect(act(run, { action: 'step', task: run.row('a').id })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('not stopped there'),
    });
  });

  it('all go on with one word', () => {
    const run = stepped();
    act(run, { action: 'continue' });
    expect(run.status).toBe('SUCCESS');
  });

  it('stand before every node of a dag that could begin, and there is no way back in it', () => {
    const run = debugged(
      'all',
      processOf(`
type: dag
flow:
  - { id: a, uses: log }
  - { id: b, uses: log }
  - { id: c, uses: log, needs: [a, b] }`),
    );
    expect(stops(run)).toEqual(['a', 'b']);
    expect(act(run, { action: 'step', scope: 0 })).toMatchObject({ accepted: false, message: expect.stringMatching(/^Say which/) });
    act(run, { action: 'mock', task: run.row('b').id, result: {} });
    act(run, { action: 'step' });
    expect(stops(run)).toEqual(['c']);
    expect(act(run, { action: 'rerun' })).toMatchObject({ accepted: false, message: expect.stringContaining('no order') });
    act(run, { action: 'skip' });
    expect(run.status).toBe('SUCCESS');
  });

  it('stand before each item of a foreach that is stepped into', () => {
    const run = debugged(
      'all',
      processOf(`
flow:
  - id: each
    type: foreach
    items: "\${{ [1, 2] }}"
    flow: [{ id: a, uses: log, with: { n: "\${{ item }}" } }]`),
    );
    act(run, { action: 'into' });
    expect(run.rows.filter(({ waitsFor }) => waitsFor?.kind === 'breakpoint').map(({ input }) => input)).toEqual([{ n: 1 }, { n: 2 }]);
    act(run, { action: 'continue' });
    expect(run.status).toBe('SUCCESS');
  });

  it('end with their branch when its container ends', () => {
    const run = debugged(
      'breakpoints',
      processOf(`
flow:
  - id: p
    type: parallel
    join: any
    branches:
      x: [{ id: a, uses: log }]
      y: [{ id: c, uses: log, breakpoint: true }]`),
    );
    expect(run.status).toBe('SUCCESS');
    expect(run.row('c').status).toBe('STOP');
    expect([...run.store.timers.values()]).toEqual([]);
  });
});

describe('time at a stop', () => {
  const TIMED = processOf(`
timeout: 60s
flow:
  - id: g
    type: group
    timeout: 30s
    flow: [{ id: a, uses: log }, { id: b, uses: log }]`);

  it('stands still for the run and its containers', () => {
    const run = new Simulation(TIMED, { debug: 'all', script: { a: { after: 10_000 } } });
    run.operate({ name: 'debug', action: { action: 'into' } });
    run.play(1_000_000);
    expect(run.run.deadlineAt).toBeNull();
    run.operate({ name: 'debug', action: { action: 'step' } });
    expect(run.run.deadlineAt).toBe(1_060_000);
    expect(run.row('g').deadlineAt).toBe(1_030_000);
    run.play(2_000_000);
    expect(stops(run)).toEqual(['g/b']);
    run.operate({ name: 'pause' });
    expect(run.operate({ name: 'debug', action: { action: 'step' } })).toMatchObject({
      accepted: false,
      message: expect.stringContaining('paused'),
    });
    run.play(2_500_000);
    run.operate({ name: 'resume' });
    expect(run.run.deadlineAt).toBeNull();
    run.operate({ name: 'debug', action: { action: 'step' } });
    expect(run.run.deadlineAt).toBe(2_500_000 + 50_000);
    expect(run.row('g').deadlineAt).toBe(2_500_000 + 20_000);
    expect(run.play().status).toBe('SUCCESS');
  });

  it('goes on for the session: nobody touching it for an hour stops the run', () => {
    const run = new Simulation(TIMED, { debug: 'all' }).play(3_000_000);
    run.operate({ name: 'debug', action: { action: 'variables', values: {} } });
    run.play(3_000_000 + 3_599_999);
    expect(run.status).toBe('RUNNING');
    run.play();
    expect(run.run).toMatchObject({ status: 'STOP', error: { reason: 'policy', code: 'debug.idle' }, finishedAt: 3_000_000 + 3_600_000 });
  });
});

const ACTIONS = ['step', 'into', 'continue'] as const;
const ended = ({ run, rows }: Simulation): unknown => {
  const seen = rows.map(({ path, status, visit, reason, attempt, input, result }) => {
    return { path, status, visit, reason, attempt, input, result };
  });
  // Runs that were started have ids, and a stop takes one more.
  return JSON.parse(JSON.stringify({ run: { ...run, state: null }, rows: seen }).replaceAll(/"[0-9a-f-]{36}"/g, '"an id"'));
};

/** Does something at every stop as soon as it is reached, so that no time passes there. */
function stepThrough(process: CompiledProcess, script: Script, choices: readonly number[]): Simulation {
  const debugged = new Simulation(process, {
    debug: 'all',
    script,
    watch: (_before, _event, { run }) => expect(unexplained(process, run)).toEqual([]),
  });
  for (let step = 0; step < 20_000 && !isTerminalProcess(debugged.status); step++) {
    const stop = debugged.rows.find(({ waitsFor }) => waitsFor?.kind === 'breakpoint');
    const action = ACTIONS[(choices[step % choices.length] ?? 0) % ACTIONS.length] ?? 'step';
    if (stop) expect(debugged.operate({ name: 'debug', action: { action, task: stop.id } })).toMatchObject({ accepted: true });
    else debugged.playOnce();
  }
  return debugged.play();
}

describe('whatever the process and the steps', () => {
  it('a debugged run ends, and says at every moment what it waits for', () => {
    const property = fc.property(
      anyProcess,
      anyScript,
      fc.array(fc.nat(2), { minLength: 1, maxLength: 20 }),
      (process, script, choices) => {
        expect(isTerminalProcess(stepThrough(process, script, choices).status)).toBe(true);
      },
    );
    fc.assert(property, { numRuns: 150 });
  }, 120_000);

  it('one without lanes ends like the run that is not debugged', () => {
    const sequential = anyProcess.filter(
      ({ nodes, flows }) =>
        [...nodes.values()].every(({ type }) => type !== 'parallel' && type !== 'foreach') &&
        [...flows.values()].every(({ graph }) => graph === undefined),
    );
    const property = fc.property(
      sequential,
      anyScript,
      fc.array(fc.nat(2), { minLength: 1, maxLength: 20 }),
      (process, script, choices) => {
        expect(ended(stepThrough(process, script, choices))).toEqual(ended(new Simulation(process, { script }).play()));
      },
    );
    fc.assert(property, { numRuns: 150 });
  }, 120_000);
});

it('a failure in a debugged run goes its way', () => {
  const run = debugged('all', PROCESS, { a: [fails(), succeeds()] });
  act(run, { action: 'step' });
  expect(run.status).toBe('FAILURE');
});
