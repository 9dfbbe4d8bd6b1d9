import { describe, expect, it } from '@jest/globals';
import { advance } from '../advance.js';
import { processOf, runs, type Script, Simulation, succeeds, unexplained } from '../testing/index.js';

const PROCESS = processOf(`
setup: [{ id: s, uses: log }]
flow: [{ id: a, uses: log }, { id: b, uses: log }]
teardown: [{ id: t, uses: log }]`);

const at = (moment: number, script: Script = {}, process = PROCESS): Simulation => new Simulation(process, { script }).play(moment);

describe('stop', () => {
  it('cancels what runs, tears down, and ends with STOP', () => {
    const run = at(1_500, { a: runs });
    const answer = run.operate({ name: 'stop' }, 'ada');
    expect(answer).toEqual({ accepted: true, status: 'RUNNING', runningTasks: [run.row('a').id] });
    expect(run.run.phase).toBe('stopping');
    run.play(1_700);
    expect(run.run.phase).toBe('teardown');
    run.play();
    expect(run.status).toBe('STOP');
    expect(run.outcome).toEqual(['s SUCCESS', 'a STOP', 't SUCCESS']);
    expect(run.run.error).toEqual({ reason: 'stopped', message: 'Stopped by ada.' });
    expect(run.run.finishedAt).toBe(2_600);
  });

  it('waits for a silent worker no longer than its grace, and shows it as unconfirmed', () => {
    const run = at(1_500, { a: { hangs: true } });
    run.operate({ name: 'stop' });
    run.play();
    expect(run.row('a')).toMatchObject({ status: 'STOP', finishedAt: 1_500 + 12_000, error: { code: 'stop.unconfirmed' } });
    expect(run.row('t').status).toBe('SUCCESS');
  });

  it('a second time changes nothing', () => {
    const run = at(1_500, { a: runs });
    run.operate({ name: 'stop' });
    const seen = run.store.history.length;
    expect(run.operate({ name: 'stop' })).toMatchObject({ accepted: true });
    expect(run.store.history).toHaveLength(seen);
    run.play();
    expect(run.operate({ name: 'stop' })).toMatchObject({ accepted: true, status: 'STOP' });
  });

  it.each([
    ['body', 1_500, { a: runs }, 'a'],
    ['setup', 500, { s: runs }, 's'],
    ['stopping', 1_500, { a: { hangs: true } }, 'a'],
    ['teardown', 3_500, { t: runs }, 't'],
  ] as const)('by force in %s kills, tears nothing down and ends at once', (phase, moment, script, node) => {
    const run = at(moment, script);
    if (phase === 'stopping') run.operate({ name: 'stop' });
    const before = run.dispatches.length;
    expect(run.operate({ name: 'stop', force: true })).toMatchObject({ accepted: true, status: 'STOP', runningTasks: [] });
    expect(run.row(node).status).toBe('STOP');
    expect(run.run).toMatchObject({ phase: 'done', finishedAt: run.now });
    expect(run.play().dispatches).toHaveLength(before);
    expect(unexplained(run.store.process, run.run)).toEqual([]);
  });

  it('by force tells the worker to kill without grace', () => {
    const run = at(1_500, { a: runs });
    const { changes } = run.apply({ kind: 'operation', operation: { name: 'stop', force: true }, actor: 'ada' });
    expect(changes.cancel).toEqual([expect.objectContaining({ taskInstanceId: run.row('a').id, graceMs: 0 })]);
  });

  it('leaves a finished task as it was, and a run in its teardown finishes that', () => {
    const run = at(3_500);
    run.operate({ name: 'stop' });
    run.play();
    expect(run.status).toBe('STOP');
    expect(run.outcome).toEqual(['s SUCCESS', 'a SUCCESS', 'b SUCCESS', 't SUCCESS']);
  });

  it('ends a paused run, teardown included', () => {
    const run = at(1_500);
    run.operate({ name: 'pause' });
    run.play(10_000);
    run.operate({ name: 'stop' });
    run.play();
    expect(run.status).toBe('STOP');
    expect(run.outcome).toEqual(['s SUCCESS', 'a SUCCESS', 't SUCCESS']);
  });

  it('reaches into groups and branches and runs the teardown of a group before that of the process', () => {
    const process = processOf(`
flow:
  - id: p
    type: parallel
    branches:
      x: [{ id: g, type: group, flow: [{ id: deep, uses: log }, { id: never, uses: log }], teardown: [{ id: clean, uses: log }] }]
      y: [{ id: wait, type: delay, for: 1h }]
      z: [{ id: again, uses: log, retry: { limit: 5, delay: 1h } }]
teardown: [{ id: t, uses: log }]`);
    const run = at(5_000, { deep: runs, again: { failure: { reason: 'user', message: 'x' } } }, process);
    run.operate({ name: 'stop' });
    run.play();
    expect(run.outcome).toEqual(['p STOP', 'g STOP', 'wait STOP', 'again STOP', 'deep STOP', 'clean SUCCESS', 't SUCCESS']);
    expect(run.store.timers.size).toBe(0);
  });

  it('ends a group that was timing out, and neither holds nor repeats it', () => {
    const process = processOf(
      'flow: [{ id: g, type: group, timeout: 5s, onError: hold, flow: [{ id: a, uses: log }] }, { id: b, uses: log }]',
    );
    const run = at(6_000, { a: { hangs: true } }, process);
    expect(run.row('a').status).toBe('RUNNING');
    run.operate({ name: 'stop' });
    run.play();
    expect(run.status).toBe('STOP');
    expect(run.outcome).toEqual(['g FAILURE', 'a STOP']);
    expect(run.run.finishedAt).toBe(5_000 + 12_000);
  });

  it('keeps the success of a task that the cancel did not reach in time, and starts nothing after it', () => {
    const run = at(1_500, { a: { after: 3_000, deaf: true } });
    run.operate({ name: 'stop' });
    run.play();
    expect(run.status).toBe('STOP');
    expect(run.outcome).toEqual(['s SUCCESS', 'a SUCCESS', 't SUCCESS']);
    expect(run.row('a')).toMatchObject({ reason: null, error: null });
  });

  it('does not repeat or forgive what it ends', () => {
    const process = processOf('flow: [{ id: a, uses: log, onError: ignore, retry: { limit: 3, delay: 1s } }, { id: b, uses: log }]');
    const run = at(500, { a: { failure: { reason: 'user', message: 'killed' }, after: 2_000 } }, process);
    const { id, token } = run.row('a');
    run.operate({ name: 'stop' });
    const outcome = { status: 'FAILURE', failure: { reason: 'user', message: 'killed' } } as const;
    run.apply({ kind: 'finished', taskInstanceId: id, attempt: 1, dispatch: 1, token: token ?? '', outcome });
    expect(run.status).toBe('STOP');
    expect(run.outcome).toEqual(['a STOP']);
  });
});

describe('pause', () => {
  it('starts no node, lets running ones end, and goes on without delay at the resume', () => {
    const run = at(1_500);
    expect(run.operate({ name: 'pause' })).toMatchObject({ accepted: true, status: 'PAUSED', runningTasks: [run.row('a').id] });
    run.play(60_000);
    expect(run.outcome).toEqual(['s SUCCESS', 'a SUCCESS']);
    expect(run.run.waitsFor).toEqual({ kind: 'paused', since: '1970-01-01T00:00:01.500Z', by: 'tester' });
    run.operate({ name: 'resume' });
    run.play();
    expect(run.status).toBe('SUCCESS');
    expect(run.row('b').startedAt).toBe(60_000);
  });

  it('does not hold the teardown of a group that was under way when the run is stopped', () => {
    const process = processOf(`
flow:
  - id: g
    type: group
    flow: [{ id: a, uses: log }]
    teardown: [{ id: b, uses: log }, { id: c, uses: log }]`);
    const between = at(1_500, {}, process);
    between.operate({ name: 'pause' });
    between.play(60_000);
    expect(between.outcome).toEqual(['g RUNNING', 'a SUCCESS', 'b SUCCESS']);
    between.operate({ name: 'stop' });
    expect(between.play().outcome).toEqual(['g STOP', 'a SUCCESS', 'b SUCCESS', 'c SUCCESS']);
    expect(between.status).toBe('STOP');

    const queued = at(1_500, { b: { unclaimed: true } }, process);
    queued.operate({ name: 'pause' });
    const dispatched = queued.dispatches.length;
    queued.operate({ name: 'stop' });
    expect(queued.dispatches.slice(dispatched)).toMatchObject([{ path: 'g/b' }]);
  });

  it('twice, and a resume of a running run, change nothing', () => {
    const run = at(1_500);
    expect(run.operate({ name: 'resume' })).toMatchObject({ accepted: true, status: 'RUNNING' });
    run.operate({ name: 'pause' });
    const seen = run.store.history.length;
    expect(run.operate({ name: 'pause' })).toMatchObject({ accepted: true, status: 'PAUSED' });
    expect(run.store.history).toHaveLength(seen);
  });

  it('stops the clock of the process', () => {
    const run = at(1_000, { a: { after: 3_000 } }, processOf('timeout: 10s\nflow: [{ id: a, uses: log }, { id: b, uses: log }]'));
    run.operate({ name: 'pause' });
    expect(run.run.deadlineAt).toBeNull();
    run.play(3_600_000);
    run.operate({ name: 'resume' });
    expect(run.run.deadlineAt).toBe(3_600_000 + 9_000);
    expect(run.play().status).toBe('SUCCESS');
  });

  it('stops the clock of a group, and a running task keeps its own', () => {
    const run = at(
      1_000,
      { a: { hangs: true } },
      processOf('flow: [{ id: g, type: group, timeout: 1h, flow: [{ id: a, uses: log, timeout: 60s }] }]'),
    );
    run.operate({ name: 'pause' });
    run.play(500_000);
    expect(run.row('g').status).toBe('RUNNING');
    expect(run.row('a')).toMatchObject({ status: 'FAILURE', reason: 'timeout.run', finishedAt: 80_000 });
    run.operate({ name: 'resume' });
    expect(run.play().run.error?.message).toContain('g/a');
  });

  it('holds back a retry and a delay that come due until the resume', () => {
    const process = processOf(`
flow:
  - id: p
    type: parallel
    branches:
      x: [{ id: a, uses: log, retry: { limit: 1, delay: 5s } }]
      y: [{ id: d, type: delay, for: 5s }]`);
    const run = at(2_000, { a: [{ failure: { reason: 'user', message: 'x' } }, succeeds()] }, process);
    run.operate({ name: 'pause' });
    run.play(60_000);
    expect(run.outcome).toEqual(['p RUNNING', 'a RETRY', 'd WAITING']);
    expect(unexplained(run.store.process, run.run)).toEqual([]);
    run.operate({ name: 'resume' });
    run.play();
    expect(run.row('a')).toMatchObject({ status: 'SUCCESS', startedAt: 60_000 });
    expect(run.row('d').finishedAt).toBe(60_000);
  });

  it('lets the queue time-out of what it holds back start again', () => {
    const run = at(30_000, { a: { unclaimed: true } }, processOf('flow: [{ id: a, uses: log, queueTimeout: 60s }]'));
    run.operate({ name: 'pause' });
    expect(run.row('a').deadlineAt).toBeNull();
    run.play(500_000);
    run.operate({ name: 'resume' });
    expect(run.row('a')).toMatchObject({ deadlineAt: 560_000, dispatch: 2 });
    expect(run.play().row('a').reason).toBe('timeout.queue');
  });
});

describe('setup and teardown', () => {
  it('a setup that fails skips the body; the teardown runs and knows the outcome', () => {
    const process = processOf(`
setup: [{ id: s, uses: log }]
flow: [{ id: a, uses: log }]
teardown: [{ id: t, uses: log, with: { status: "\${{ run.status }}", why: "\${{ run.error.message }}" } }]`);
    const run = at(60_000, { s: { failure: { reason: 'user', message: 'no disk' } } }, process);
    expect(run.status).toBe('FAILURE');
    expect(run.outcome).toEqual(['s FAILURE', 't SUCCESS']);
    expect(run.row('t').input).toEqual({ status: 'FAILURE', why: 's: no disk' });
  });

  it('shows each phase', () => {
    const run = at(60_000);
    const phases = run.store.history.flatMap(({ facts }) => facts.flatMap((fact) => (fact.type === 'instance' ? [fact.phase] : [])));
    expect(phases).toEqual(['setup', 'body', 'teardown', 'done']);
  });

  it('outputs are evaluated at the end of the body, on success only', () => {
    const process = processOf(`
flow: [{ id: a, uses: log }]
outputs: { digest: "\${{ tasks.a.result.sha }}" }`);
    expect(at(9_000, { a: succeeds({ sha: 'abc' }) }, process).run.outputs).toEqual({ digest: 'abc' });
    expect(at(9_000, { a: { failure: { reason: 'user', message: 'x' } } }, process).run).toMatchObject({
      status: 'FAILURE',
      outputs: null,
    });
  });

  it.each([
    ['not a map', '"${{ [1] }}"', 'outputs.not-a-map'],
    ['too large', '{ a: "${{ params.big }}", b: "${{ params.big }}" }', 'outputs.too-large'],
  ])('outputs that are %s fail the run', (_name, outputs, code) => {
    const process = processOf(`flow: []\nparams: [{ name: big, type: text }]\noutputs: { x: 1 }`);
    const template = processOf(`flow: [{ id: a, uses: log, with: { outputs: ${outputs} } }]`).nodes.get('a');
    const entry = template?.type === 'task' && template.with.kind === 'map' ? template.with.entries[0] : undefined;
    const params = { big: '数'.repeat(900_000) };
    const run = new Simulation({ ...process, ...(entry && { outputs: entry[1] }) }, { params }).play();
    expect(run.run).toMatchObject({ status: 'FAILURE', outputs: null, error: { reason: 'expression', code } });
  });
});

describe('a start', () => {
  it('with a process timeout that cannot be evaluated ends at once with the reason', () => {
    const process = processOf('flow: [{ id: a, uses: log }]\nparams: [{ name: limit, type: text }]\ntimeout: "${{ params.limit }}"');
    const run = new Simulation(process, { params: { limit: 'soon' } }).play();
    expect(run.run).toMatchObject({ status: 'FAILURE', phase: 'done', error: { reason: 'expression' } });
    expect(run.rows).toEqual([]);
  });

  it('comes first: any other event of a run that is not there is a fault of the caller', () => {
    const { store } = at(0);
    const context = {
      now: 0,
      settings: store.settings,
      newId: () => '',
      newToken: () => '',
      random: () => 0,
      task: () => undefined,
      children: () => undefined,
      value: () => undefined,
    };
    expect(() => advance(store.process, store.constants, null, { kind: 'process-deadline' }, context)).toThrow('has not been started');
  });
});
