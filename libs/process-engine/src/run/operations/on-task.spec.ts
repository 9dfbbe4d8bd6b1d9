import { describe, expect, it } from '@jest/globals';
import type { TaskOperation } from '../event.js';
import { fails, processOf, runs, type Script, Simulation, succeeds, unexplained } from '../testing/index.js';
import { TASK_STANDINGS, TASK_OPERATIONS, allowedOnTask, type TaskOperationName, type TaskStanding } from './matrix.js';

const HELD = 'flow: [{ id: a, uses: log, with: { to: x }, onError: hold }, { id: b, uses: log }]';
const RAISED = 'flow: [{ id: a, uses: log, with: { to: x } }, { id: b, uses: log }]';

const started = (yaml: string, script: Script = {}, moment = 60_000): Simulation =>
  new Simulation(processOf(yaml), { script }).play(moment);

type Asked = TaskOperation extends infer Each ? (Each extends TaskOperation ? Omit<Each, 'taskInstanceId' | 'attempt'> : never) : never;

/** Does something to the newest execution of a node, in its attempt. */
const ask = (run: Simulation, node: string, operation: Asked) => {
  const { id, attempt } = run.row(node);
  return run.operate({ ...operation, taskInstanceId: id, attempt } as TaskOperation, 'ada');
};

const asked = (name: TaskOperationName): Asked =>
  ({
    retry: { name: 'retry' },
    skip: { name: 'skip' },
    fail: { name: 'fail' },
    succeed: { name: 'succeed', result: {} },
    stop: { name: 'stop' },
    choose: { name: 'choose', case: 'default' },
    raise: { name: 'raise' },
    answer: { name: 'raise' },
    signal: { name: 'raise' },
  })[name] as Asked;

/** A run in which node `a` stands so. */
const STANDING: { readonly [S in TaskStanding]: () => Simulation } = {
  PENDING: () => started(HELD, { a: { unclaimed: true } }),
  RUNNING: () => started(HELD, { a: runs }),
  OPEN: () => started('flow: [{ id: a, type: group, flow: [{ id: deep, uses: log }] }]', { deep: runs }),
  STOPPING: () => {
    const run = started(HELD, { a: { hangs: true } });
    run.operate({ name: 'stop' });
    return run;
  },
  WAITING: () => started('flow: [{ id: a, type: delay, for: 1h }, { id: b, uses: log }]'),
  RETRY: () => started('flow: [{ id: a, uses: log, retry: { limit: 1, delay: 1h } }, { id: b, uses: log }]', { a: fails() }),
  HELD: () => started(HELD, { a: fails() }),
  RAISED: () => started(RAISED, { a: fails() }),
  SUCCESS: () => started(HELD),
  FAILURE: () => started('flow: [{ id: a, uses: log, onError: { goto: b } }, { id: b, uses: log }]', { a: fails() }),
  SKIP: () => started('flow: [{ id: a, uses: log, disabled: true }]'),
  STOP: () => {
    const run = started(HELD, { a: runs });
    run.operate({ name: 'stop' });
    return run.play();
  },
};

describe('every operation on a node in every standing', () => {
  const cases = TASK_STANDINGS.flatMap((standing) =>
    TASK_OPERATIONS.filter((name) => name !== 'answer' && name !== 'signal').map((name) => [standing, name] as const),
  );

  it.each(cases)('%s, %s: is done, or refused with what is allowed', (standing, name) => {
    const run = STANDING[standing]();
    const { type } = run.row('a');
    const allowed = allowedOnTask(standing, type);
    const seen = run.store.history.length;
    const answer = ask(run, 'a', asked(name));
    const isRepeated = standing === 'STOPPING' && (name === 'stop' || name === 'fail');
    expect(answer.accepted).toBe(isRepeated || allowed.includes(name));
    if (!answer.accepted) {
      expect(answer).toMatchObject({ status: run.status, allowed });
      expect(answer.message).toContain(`a is ${standing}: ${name} needs`);
      expect(run.store.history).toHaveLength(seen);
    }
    expect(unexplained(run.store.process, run.run)).toEqual([]);
    run.play();
  });
});

describe('retry in place', () => {
  it('repeats a held node and goes on; the failed attempt stays to be read', () => {
    const run = started(HELD, { a: [fails('boom'), succeeds({ ok: 1 })] });
    expect(ask(run, 'a', { name: 'retry' })).toMatchObject({ accepted: true, status: 'RUNNING' });
    run.play();
    expect(run.status).toBe('SUCCESS');
    expect(run.outcome).toEqual(['a SUCCESS', 'b SUCCESS']);
    expect(run.row('a')).toMatchObject({ attempt: 2, failed: false, error: null, result: { ok: 1 } });
    expect(run.store.attempts).toMatchObject([{ attempt: 1, failure: { message: 'boom' }, finishedAt: 1_000 }]);
  });

  it('takes other arguments', () => {
    const run = started(HELD, { a: [fails(), succeeds()] });
    ask(run, 'a', { name: 'retry', input: { to: 'y' } });
    expect(run.row('a').input).toEqual({ to: 'y' });
    expect(run.play().status).toBe('SUCCESS');
  });

  it('of a node that is no task refuses arguments', () => {
    const run = started('flow: [{ id: a, type: group, onError: hold, flow: [{ id: deep, uses: log }] }]', { deep: fails() });
    expect(ask(run, 'a', { name: 'retry', input: {} })).toMatchObject({ accepted: false, code: 'operation.no-input' });
    expect(run.row('a').status).toBe('FAILURE');
  });

  it('resolves the arguments again, so that it sees a variable that was set', () => {
    const run = started(
      'variables: [{ name: host, type: string, value: x }]\nflow: [{ id: a, uses: log, with: { to: "${{ vars.host }}" }, onError: hold }]',
      { a: [fails(), succeeds()] },
    );
    run.operate({ name: 'pause' });
    expect(run.operate({ name: 'set-variable', values: { host: 'y' } })).toMatchObject({ accepted: true, status: 'PAUSED' });
    expect(ask(run, 'a', { name: 'retry' })).toMatchObject({ accepted: true, status: 'PAUSED' });
    expect(run.play(90_000).row('a').status).toBe('RETRY');
    run.operate({ name: 'resume' });
    run.play();
    expect(run.row('a')).toMatchObject({ status: 'SUCCESS', input: { to: 'y' } });
  });

  it('gives the node its retry policy anew', () => {
    const run = started('flow: [{ id: a, uses: log, onError: hold, retry: { limit: 1, delay: 1s } }]', { a: fails() });
    expect(run.row('a').attempt).toBe(2);
    ask(run, 'a', { name: 'retry' });
    expect(run.play().row('a')).toMatchObject({ attempt: 4, status: 'FAILURE' });
    expect(run.store.attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('cuts the wait for an automatic repeat short', () => {
    const run = STANDING.RETRY();
    ask(run, 'a', { name: 'retry' });
    expect(run.row('a')).toMatchObject({ attempt: 2, readyAt: 60_000 });
    expect(run.store.timers.size).toBe(0);
  });

  it('of an attempt that is over does nothing', () => {
    const run = started(HELD, { a: fails() });
    const { id } = run.row('a');
    ask(run, 'a', { name: 'retry' });
    run.play(120_000);
    expect(run.operate({ name: 'retry', taskInstanceId: id, attempt: 1 })).toMatchObject({ accepted: false });
    expect(run.row('a').attempt).toBe(2);
  });

  it('repeats a container as a whole', () => {
    const run = started('flow: [{ id: a, type: group, onError: hold, flow: [{ id: x, uses: log }, { id: y, uses: log }] }]', {
      y: [fails(), succeeds()],
    });
    ask(run, 'a', { name: 'retry' });
    run.play();
    expect(run.outcome).toEqual(['a SUCCESS', 'x SUCCESS', 'y FAILURE', 'x SUCCESS', 'y SUCCESS']);
  });
});

describe('retry of the node that failed the run', () => {
  const FULL = `
setup: [{ id: s, uses: log }]
flow: [{ id: a, uses: log }, { id: b, uses: log }, { id: c, uses: log, with: { a: "\${{ tasks.a.result.n }}" } }]
teardown: [{ id: t, uses: log }]
callbacks: [{ states: [SUCCESS, FAILURE], uses: tell }]`;

  it('opens it again: setup, the node, what follows, teardown and callbacks; one generation more', () => {
    const run = started(FULL, { a: succeeds({ n: 7 }), b: [fails(), succeeds()] });
    expect(run.status).toBe('FAILURE');
    expect(ask(run, 'b', { name: 'retry' })).toMatchObject({ accepted: true, status: 'RUNNING' });
    expect(run.run).toMatchObject({ status: 'RUNNING', phase: 'setup', generation: 2, error: null, finishedAt: null });
    expect(run.run.deadlineAt).toBe(60_000 + 86_400_000);
    run.play();
    expect(run.status).toBe('SUCCESS');
    expect(run.outcome).toEqual(['s SUCCESS', 'a SUCCESS', 'b SUCCESS', 't SUCCESS', 's SUCCESS', 'c SUCCESS', 't SUCCESS']);
    expect(run.row('c').input).toEqual({ a: 7 });
    expect(run.callbacks).toEqual(['tell SUCCESS', 'tell SUCCESS']);
    expect(run.store.attempts).toMatchObject([{ attempt: 1, failure: { message: 'exit code 1' } }]);
  });

  it('tells the generation in every fact from then on', () => {
    const run = started(FULL, { b: [fails(), succeeds()] });
    const before = run.store.history.length;
    ask(run, 'b', { name: 'retry' });
    run.play();
    const facts = (from: number, to?: number) => run.store.history.slice(from, to).flatMap((entry) => entry.facts);
    expect(facts(0, before).filter(({ generation }) => generation !== undefined)).toEqual([]);
    expect(facts(before).filter(({ generation }) => generation !== 2)).toEqual([]);
  });

  it('goes on at once where there is nothing to set up', () => {
    const run = started(RAISED, { a: [fails(), succeeds()] });
    ask(run, 'a', { name: 'retry' });
    expect(run.run.phase).toBe('body');
    expect(run.play().outcome).toEqual(['a SUCCESS', 'b SUCCESS']);
  });

  it('of a setup runs the setup up to it and then it, in place', () => {
    const run = started(
      'setup: [{ id: s, uses: log }, { id: u, uses: log }]\nflow: [{ id: a, uses: log }]\nteardown: [{ id: t, uses: log }]',
      {
        u: [fails(), succeeds()],
      },
    );
    ask(run, 'u', { name: 'retry' });
    expect(run.play().outcome).toEqual(['s SUCCESS', 'u SUCCESS', 't SUCCESS', 's SUCCESS', 'a SUCCESS', 't SUCCESS']);
  });

  it('skip, force-success and a chosen way open it as well', () => {
    const skipped = started(RAISED, { a: fails() });
    ask(skipped, 'a', { name: 'skip' });
    expect(skipped.play().outcome).toEqual(['a SKIP', 'b SUCCESS']);
    const forced = started(RAISED, { a: fails() });
    ask(forced, 'a', { name: 'succeed', result: { by: 'hand' } });
    expect(forced.play().outcome).toEqual(['a SUCCESS', 'b SUCCESS']);
    expect(forced.row('a').result).toEqual({ by: 'hand' });
    const chosen = started(
      'flow: [{ id: g, type: switch, cases: [{ name: left, when: "${{ false }}", next: b }] }, { id: a, uses: log }, { id: b, uses: log }]',
    );
    ask(chosen, 'g', { name: 'choose', case: 'left' });
    expect(chosen.play().outcome).toEqual(['g SUCCESS', 'b SUCCESS']);
  });

  it('that fails again ends the run again, and can be retried again', () => {
    const run = started(RAISED, { a: [fails(), fails(), succeeds()] });
    ask(run, 'a', { name: 'retry' });
    run.play();
    expect(run.run).toMatchObject({ status: 'FAILURE', generation: 2 });
    ask(run, 'a', { name: 'retry' });
    run.play();
    expect(run.run).toMatchObject({ status: 'SUCCESS', generation: 3 });
    expect(run.row('a').attempt).toBe(3);
  });

  it('waits for a slot again where runs take turns', () => {
    const run = new Simulation(processOf('concurrency: { key: one }\nflow: [{ id: a, uses: log }, { id: b, uses: log }]'), {
      script: { a: [fails(), succeeds()] },
    });
    run.apply({ kind: 'slot', verdict: { what: 'granted' } });
    run.play();
    expect(run.status).toBe('FAILURE');
    ask(run, 'a', { name: 'retry' });
    expect(run.run).toMatchObject({ status: 'PENDING', phase: 'queued', generation: 2, waitsFor: { kind: 'slot', key: 'one' } });
    run.apply({ kind: 'slot', verdict: { what: 'granted' } });
    expect(run.play().outcome).toEqual(['a SUCCESS', 'b SUCCESS']);
    expect(run.run).toMatchObject({ status: 'SUCCESS', waitsFor: null });
  });

  it('inside a container is not possible: the container is retried', () => {
    const run = started('flow: [{ id: g, type: group, flow: [{ id: a, uses: log }] }]', { a: [fails(), succeeds()] });
    expect(ask(run, 'a', { name: 'retry' })).toMatchObject({ accepted: false });
    expect(ask(run, 'g', { name: 'retry' })).toMatchObject({ accepted: true });
    expect(run.play().status).toBe('SUCCESS');
  });

  it('is gone when the run was stopped', () => {
    const run = started(FULL, { b: fails(), t: runs }, 4_500);
    run.operate({ name: 'stop' });
    run.play();
    expect(run.status).toBe('FAILURE');
    expect(ask(run, 't', { name: 'retry' })).toMatchObject({ accepted: false });
  });
});

describe('the other operations on nodes', () => {
  it('skip refuses what a worker is offered, and the flow goes on', () => {
    const run = STANDING.PENDING();
    const { id, attempt, dispatch } = run.row('a');
    ask(run, 'a', { name: 'skip' });
    const claim = { kind: 'claim', taskInstanceId: id, attempt, dispatch, session: 's', worker: 'w', idempotent: false } as const;
    expect(run.apply(claim).changes.answer).toMatchObject({ granted: false });
    expect(run.row('a')).toMatchObject({ status: 'SKIP', skipReason: 'operator' });
    expect(run.play().outcome).toEqual(['a SKIP', 'b SUCCESS']);
  });

  it('skip of a delay leaves no timer', () => {
    const run = STANDING.WAITING();
    ask(run, 'a', { name: 'skip' });
    expect(run.store.timers.size).toBe(0);
    expect(run.play().outcome).toEqual(['a SKIP', 'b SUCCESS']);
  });

  it('fail ends a running node without a repeat, tells its worker, and its strategy decides', () => {
    const run = started('flow: [{ id: a, uses: log, retry: { limit: 5 }, onError: ignore }, { id: b, uses: log }]', { a: runs });
    const { id, attempt } = run.row('a');
    const { changes } = run.apply({
      kind: 'operation',
      operation: { name: 'fail', taskInstanceId: id, attempt, message: 'hangs' },
      actor: 'ada',
    });
    expect(changes.cancel).toMatchObject([{ taskInstanceId: id, attempt: 1 }]);
    expect(run.row('a')).toMatchObject({ status: 'SKIP', skipReason: 'ignored', error: { message: 'hangs', code: 'operation.failed' } });
    expect(run.play().outcome).toEqual(['a SKIP', 'b SUCCESS']);
  });

  it('fail of a container ends what runs inside first', () => {
    const run = STANDING.OPEN();
    ask(run, 'a', { name: 'fail' });
    expect(run.row('a').status).toBe('RUNNING');
    expect(run.play().outcome).toEqual(['a FAILURE', 'deep STOP']);
  });

  it('succeed gives the result that is said, and writes what the node sets', () => {
    const run = started(
      'variables: [{ name: n, type: integer, value: 0 }]\nflow: [{ id: a, uses: log, set: { n: "${{ result.n }}" } }, { id: b, uses: log }]',
      { a: runs },
    );
    expect(ask(run, 'a', { name: 'succeed', result: { n: 'x' } })).toMatchObject({ accepted: false, code: 'variable.mistyped' });
    expect(run.row('a').status).toBe('RUNNING');
    ask(run, 'a', { name: 'succeed', result: { n: 3 } });
    expect(run.run.variables).toEqual({ n: 3 });
    expect(run.play().outcome).toEqual(['a SUCCESS', 'b SUCCESS']);
  });

  it('stop ends the branch of one node, the others go on', () => {
    const run = started(
      'flow: [{ id: p, type: parallel, join: any, branches: { x: [{ id: a, uses: log }], y: [{ id: b, uses: log }] } }]',
      {
        a: runs,
        b: { after: 90_000 },
      },
    );
    ask(run, 'a', { name: 'stop' });
    run.play();
    expect(run.outcome).toEqual(['p SUCCESS', 'a STOP', 'b SUCCESS']);
  });

  it('stop of a node of the root stops the run, with its teardown', () => {
    const run = started('flow: [{ id: a, uses: log, onError: ignore }]\nteardown: [{ id: t, uses: log }]', { a: runs });
    ask(run, 'a', { name: 'stop' });
    expect(run.play().outcome).toEqual(['a STOP', 't SUCCESS']);
    expect(run.run).toMatchObject({ status: 'STOP', error: { message: 'Stopped by ada.' } });
  });

  it('choose sends the token where a case leads, and knows only the cases there are', () => {
    const run = started(
      'flow: [{ id: a, type: switch, onError: hold, cases: [{ when: "${{ false }}", next: c }] }, { id: b, uses: log }, { id: c, uses: log }]',
    );
    expect(ask(run, 'a', { name: 'choose', case: 'up' })).toMatchObject({
      accepted: false,
      code: 'operation.no-case',
      message: 'a has no case up. It has: 1.',
    });
    ask(run, 'a', { name: 'choose', case: '1' });
    expect(run.play().outcome).toEqual(['a SUCCESS', 'c SUCCESS']);
    expect(run.row('a').result).toEqual({ case: '1', next: 'c' });
  });

  it('raise lets a held node fail its scope with the failure it has', () => {
    const run = started(HELD, { a: fails('boom') });
    ask(run, 'a', { name: 'raise' });
    expect(run.play().run).toMatchObject({ status: 'FAILURE', error: { message: 'a: boom' } });
    expect(run.outcome).toEqual(['a FAILURE']);
  });

  it('of a callback there are none', () => {
    const run = started('flow: [{ id: a, uses: log }]\ncallbacks: [{ states: [SUCCESS], uses: tell }]', { 'callback tell': runs });
    const { id, attempt } = run.rows.find(({ kind }) => kind === 'callback') as { id: string; attempt: number };
    expect(run.operate({ name: 'stop', taskInstanceId: id, attempt })).toMatchObject({ accepted: false, allowed: [] });
  });
});

describe('setting variables', () => {
  const paused = () => {
    const run = started('variables: [{ name: n, type: integer, value: 0 }]\nflow: [{ id: a, uses: log }]', { a: runs });
    run.operate({ name: 'pause' });
    return run;
  };

  it('is written whole or not at all', () => {
    const run = paused();
    expect(run.operate({ name: 'set-variable', values: { n: 1, other: 2 } })).toMatchObject({
      accepted: false,
      code: 'variable.undeclared',
    });
    expect(run.run.variables).toEqual({ n: 0 });
    run.operate({ name: 'set-variable', values: { n: '4' } });
    expect(run.run.variables).toEqual({ n: 4 });
  });

  it('needs a pause', () => {
    expect(started(HELD, { a: runs }).operate({ name: 'set-variable', values: {} })).toMatchObject({
      accepted: false,
      message: 'The run is RUNNING in phase body: set-variable needs a paused run: pause it first. Allowed now: stop, pause.',
    });
  });
});
