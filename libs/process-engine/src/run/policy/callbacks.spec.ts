import { describe, expect, it } from '@jest/globals';
import { fails, processOf, runs, type Script, Simulation, succeeds } from '../testing/index.js';

const ALL = '[SUCCESS, FAILURE, TIMEOUT, SKIP, RETRY, STOP]';

const told = (keys: string, script: Script): string[] => {
  const run = new Simulation(
    processOf(
      `flow: [{ id: a, name: Step, uses: log, ${keys}, callbacks: [{ states: ${ALL}, uses: tell, with: { was: "\${{ event.status }}" } }] }]`,
    ),
    { script },
  ).play();
  return run.rows.filter((row) => row.kind === 'callback').map((row) => (row.input as { was: string }).was);
};

describe('a callback of a node', () => {
  it.each([
    ['SUCCESS', 'queue: q', { a: succeeds() }, ['SUCCESS']],
    ['FAILURE', 'queue: q', { a: fails() }, ['FAILURE']],
    ['TIMEOUT, though FAILURE is named too', 'queue: q', { a: fails('late', 'timeout.run') }, ['FAILURE']],
    ['SKIP of an ignored failure', 'onError: ignore', { a: fails() }, ['SKIP']],
    ['SKIP of a disabled node', 'disabled: true', {}, ['SKIP']],
    ['RETRY and what follows', 'retry: { limit: 1, delay: 1s }', { a: [fails(), succeeds()] }, ['RETRY', 'SUCCESS']],
  ] as const)('is started once on %s', (_name, keys, script, states) => {
    expect(told(keys, script)).toEqual(states);
  });

  it('only on the states it names: TIMEOUT is not FAILURE', () => {
    const process = processOf(`
flow: [{ id: a, uses: log, callbacks: [{ states: [FAILURE], uses: on.failure }, { states: [TIMEOUT], uses: on.timeout }] }]`);
    expect(new Simulation(process, { script: { a: fails('x', 'timeout.run') } }).play().callbacks).toEqual(['on.timeout SUCCESS']);
    expect(new Simulation(process, { script: { a: fails('x') } }).play().callbacks).toEqual(['on.failure SUCCESS']);
  });

  it('on STOP when the run is stopped', () => {
    const run = new Simulation(processOf('flow: [{ id: a, uses: log, callbacks: [{ states: [STOP], uses: tell }] }]'), {
      script: { a: runs },
    });
    run.play(1_000);
    run.operate({ name: 'stop' });
    expect(run.play().callbacks).toEqual(['tell SUCCESS']);
  });

  it('knows the event, the outcomes and the run', () => {
    const process = processOf(`
flow:
  - id: a
    name: Compile
    uses: log
    callbacks: [{ states: [FAILURE], uses: tell, with: { text: "\${{ event.name }} \${{ event.reason }} \${{ event.error.message }} \${{ event.attempt }} \${{ tasks.a.failed }} \${{ run.number }}" } }]`);
    const run = new Simulation(process, { script: { a: fails('boom') } }).play();
    expect(run.rows.find((row) => row.kind === 'callback')).toMatchObject({
      input: { text: 'Compile user boom 1 true 1' },
      parentId: run.row('a').id,
      path: 'a/callbacks/1',
      nodeId: 'a',
      uses: 'tell',
    });
  });

  it('runs beside the flow, is repeated on its own, and never fails the run', () => {
    const process = processOf('flow: [{ id: a, uses: log, callbacks: [{ states: [SUCCESS], uses: tell }] }, { id: b, uses: log }]');
    const run = new Simulation(process, { script: { 'callback tell': fails('mail server is away', 'plugin') } }).play();
    expect(run.status).toBe('SUCCESS');
    expect(run.run.finishedAt).toBe(2_000);
    const callback = run.rows.find((row) => row.kind === 'callback');
    expect(callback).toMatchObject({ status: 'FAILURE', attempt: 4, error: { message: 'mail server is away' } });
  });

  it('with a broken expression is recorded as failed and started by nobody', () => {
    const process = processOf(
      'flow: [{ id: a, uses: log, callbacks: [{ states: [SUCCESS], uses: tell, with: { x: "${{ event.nothing.at.all }}" } }] }]',
    );
    const run = new Simulation(process).play();
    expect(run.status).toBe('SUCCESS');
    expect(run.callbacks).toEqual(['tell FAILURE']);
    expect(run.dispatches.filter((dispatch) => dispatch.kind === 'callback')).toEqual([]);
  });
});

describe('a callback of the process', () => {
  const process = processOf(`
flow: [{ id: a, uses: log }]
teardown: [{ id: t, uses: log }]
callbacks: [{ states: [SUCCESS, FAILURE, STOP, TIMEOUT], uses: tell, with: { status: "\${{ run.status }}", error: "\${{ event.error }}", a: "\${{ tasks.a.status }}" } }]`);

  it('starts after the terminal status and holds nothing', () => {
    const run = new Simulation(process, { script: { a: fails('boom'), 'callback tell': runs } });
    run.play(2_000);
    expect(run.run).toMatchObject({ status: 'FAILURE', phase: 'done', deadlineAt: null });
    expect(run.rows.at(-1)).toMatchObject({ kind: 'callback', status: 'RUNNING', input: { status: 'FAILURE', a: 'FAILURE' } });
  });

  it('is ended after five minutes', () => {
    const run = new Simulation(process, { script: { 'callback tell': { hangs: true } } }).play();
    expect(run.rows.at(-1)).toMatchObject({ status: 'FAILURE', reason: 'timeout.run', finishedAt: 2_000 + 300_000 });
  });

  it('that no worker takes is ended after five minutes', () => {
    const run = new Simulation(process, { script: { 'callback tell': { unclaimed: true } } }).play();
    expect(run.rows.at(-1)).toMatchObject({ status: 'FAILURE', reason: 'timeout.queue', finishedAt: 2_000 + 300_000 });
  });

  it('also comes after a forced stop', () => {
    const run = new Simulation(process, { script: { a: runs } });
    run.play(500);
    run.operate({ name: 'stop', force: true });
    expect(run.status).toBe('STOP');
    expect(run.play().callbacks).toEqual(['tell SUCCESS']);
    expect(run.rows.at(-1)).toMatchObject({ input: { status: 'STOP', a: 'STOP' } });
  });
});
