import {
  allowedOnRun,
  allowedOnTask,
  RUN_OPERATIONS,
  type RunOperationName,
  type RunStanding,
  TASK_OPERATIONS,
  type TaskOperationName,
  type TaskStanding,
} from '@orderlines/process-engine';
import { temporaryFolder, type TemporaryFolder } from '@orderlines/testing';
import { randomUUID } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './harness/eventually.js';
import { startInstance } from './harness/load.js';
import { buildText } from './harness/runs.js';
import { expectRefused, standsAt, type Shown, type ShownTask } from './harness/standings.js';
import { startWholeSystem, type WholeSystem } from './harness/stores.js';

const HOLDS = 'uses: shell, idempotent: true, with: { command: "sleep 600" }';
const DONE = '{ id: b, type: assign, set: { n: 1 } }';
const FAILS = 'uses: fail, with: { message: no }';

/** How a run comes to stand so: its definition below the name, and what is asked of it before. */
const RUNS: Readonly<Record<RunStanding, { readonly yaml: string; readonly first?: readonly RunOperationName[] }>> = {
  PENDING: { yaml: `concurrency: { key: taken, limit: 1, policy: queue }\nflow: [{ id: a, ${HOLDS} }]` },
  RUNNING: { yaml: `flow: [{ id: a, ${HOLDS} }]` },
  PAUSED: { yaml: `flow: [{ id: a, ${HOLDS} }]`, first: ['pause'] },
  ENDING: { yaml: `flow: [{ id: a, type: assign, set: { n: 1 } }]\nteardown: [{ id: t, ${HOLDS} }]` },
  SUCCESS: { yaml: `flow: [${DONE}]` },
  FAILURE: { yaml: `flow: [{ id: b, type: end, status: FAILURE, message: no }]` },
  STOP: { yaml: `flow: [{ id: a, ${HOLDS} }]`, first: ['stop'] },
};

/** How the node `a` comes to stand so. */
const TASKS: Readonly<Record<TaskStanding, string>> = {
  PENDING: '{ id: a, uses: log, queue: nobody, with: { message: x } }',
  RUNNING: `{ id: a, ${HOLDS} }`,
  OPEN: `{ id: a, type: group, flow: [{ id: inner, ${HOLDS} }] }`,
  STOPPING: `{ id: a, uses: shell, with: { command: "trap : TERM; touch $RELEASE.held; until [ -e $RELEASE ]; do sleep 1; done", env: { RELEASE: '\${{ params.release }}' } } }`,
  WAITING: '{ id: a, type: wait, signal: never, timeout: 1h }',
  RETRY: `{ id: a, ${FAILS}, retry: { limit: 3, delay: 1h } }`,
  HELD: `{ id: a, ${FAILS}, onError: hold }`,
  RAISED: `{ id: a, ${FAILS} }`,
  SUCCESS: `{ id: a, type: assign, set: { n: 1 } }, { id: later, ${HOLDS} }`,
  FAILURE: `{ id: a, ${FAILS}, onError: { goto: later } }, { id: later, ${HOLDS} }`,
  SKIP: `{ id: a, disabled: true, type: delay, for: 1h }, { id: later, ${HOLDS} }`,
  STOP: `{ id: a, type: parallel, join: any, branches: { x: [{ id: quick, type: assign, set: { n: 1 } }], y: [{ id: slow, type: delay, for: 1h }] } }, { id: later, ${HOLDS} }`,
};
/** The node that stands so, where it is not `a`. */
const NODE: Partial<Record<TaskStanding, string>> = { STOP: 'slow' };
/** Operations that have a route for any node; the others are asked for by a form or a name of their own. */
const BY_ROUTE: readonly TaskOperationName[] = ['retry', 'skip', 'fail', 'succeed', 'stop', 'choose', 'raise'];

/** What is accepted although nothing is to be done: the run stands so already. */
const ALREADY_SO: Partial<Record<RunStanding, readonly RunOperationName[]>> = {
  RUNNING: ['resume'],
  ENDING: ['resume'],
  PAUSED: ['pause'],
  STOP: ['stop'],
};
/** The same of a node: it is on its way to the end that is asked for. */
const UNDER_WAY: Partial<Record<TaskStanding, readonly TaskOperationName[]>> = { STOPPING: ['stop', 'fail'] };

describe('the table of operations over HTTP', () => {
  let system: WholeSystem;
  let folder: TemporaryFolder;
  const processes = new Map<string, string>();
  const releases: string[] = [];

  beforeAll(async () => {
    system = await startWholeSystem();
    folder = await temporaryFolder('matrix');
    // What does not end on TERM stays at STOPPING for as long as a test looks at it.
    await system.platform.fetch('parameters/grace', { method: 'PUT', body: JSON.stringify({ value: '1h' }) });
    const built = async (name: string, yaml: string) => {
      const head = `apiVersion: orderlines/v1\nkind: Process\nname: ${name.toLowerCase()}\nparams: [{ name: release, type: string, default: none }]\nvariables: [{ name: n, type: integer, value: 0 }]\n`;
      processes.set(name, (await buildText(system.platform, head + yaml)).id);
    };
    for (const [standing, { yaml }] of Object.entries(RUNS)) await built(`run-${standing}`, yaml);
    for (const [standing, nodes] of Object.entries(TASKS)) await built(`task-${standing}`, `flow: [${nodes}]`);
    // Whoever waits for this key waits for this run.
    await built('taker', RUNS.PENDING.yaml);
    await startInstance(system.platform, processes.get('taker') ?? '');
  });
  afterAll(async () => {
    await Promise.all(releases.map((release) => writeFile(release, '')));
    await system?.close();
    await folder?.remove();
  });

  const post = (path: string, body: object = {}): Promise<Response> =>
    system.platform.fetch(`instances/${path}`, { method: path.endsWith('/variables') ? 'PUT' : 'POST', body: JSON.stringify(body) });

  const onRun = (id: string, name: RunOperationName): Promise<Response> => {
    if (name === 'set-variable') return post(`${id}/variables`, { values: { n: 2 } });
    if (name === 'rerun') return post(`${id}/rerun`, { from: 'b' });
    return post(`${id}/${name}`, name === 'debug' ? { action: 'continue' } : {});
  };

  const onTask = (id: string, task: { id: string; attempt: number }, name: TaskOperationName): Promise<Response> =>
    post(`${id}/tasks/${task.id}/${name}`, { attempt: task.attempt, ...(name === 'choose' && { case: 'default' }) });

  const runAt = async (standing: RunStanding): Promise<Shown> => {
    const id = await startInstance(system.platform, processes.get(`run-${standing}`) ?? '');
    for (const name of RUNS[standing].first ?? []) expect((await onRun(id, name)).status).toBeLessThan(300);
    return standsAt(system.platform, id, `stands at ${standing}`, ({ status, phase }) =>
      standing === 'ENDING' ? phase === 'teardown' : status === standing && phase !== 'stopping' && phase !== 'teardown',
    );
  };

  const allowedAt = (allowed: readonly string[], run: Shown): void => expect(run.allowed).toEqual(allowed);

  it.each(Object.keys(RUNS) as RunStanding[])(
    'of a run that stands at %s',
    async (standing) => {
      const allowed = allowedOnRun(standing);
      const first = await runAt(standing);
      allowedAt(allowed, first);
      // What is so already is accepted and changes nothing.
      const alreadySo = ALREADY_SO[standing] ?? [];
      for (const name of RUN_OPERATIONS.filter((each) => !allowed.includes(each))) {
        const answer = await onRun(first.id, name);
        if (alreadySo.includes(name)) expect(answer.status).toBe(200);
        else await expectRefused(answer, allowed, first);
      }
      for (const [index, name] of allowed.entries()) {
        const { id } = index === 0 ? first : await runAt(standing);
        const answer = await onRun(id, name);
        expect([standing, name, answer.status < 300 || (name === 'rerun' && answer.status === 422)]).toEqual([standing, name, true]);
        if (standing !== 'PENDING') await post(`${id}/stop`, { force: true });
      }
    },
    120_000,
  );

  /** A node that has been told to end and takes its time, until its file is there. */
  const taskAtStopping = async (): Promise<{ run: Shown; task: ShownTask }> => {
    const release = join(folder.path, randomUUID());
    releases.push(release);
    const id = await startInstance(system.platform, processes.get('task-STOPPING') ?? '', { release });
    await eventually('its command holds on', () => access(`${release}.held`).then(() => true));
    const { tasks } = await standsAt(system.platform, id, 'runs', (run) => run.tasks[0]?.status === 'RUNNING');
    expect((await onTask(id, tasks[0] as ShownTask, 'stop')).status).toBe(200);
    const run = await standsAt(system.platform, id, 'is being stopped', (now) => now.tasks[0]?.waitReason?.kind === 'stopping');
    return { run, task: run.tasks[0] as ShownTask };
  };

  const taskAt = async (standing: TaskStanding): Promise<{ run: Shown; task: ShownTask }> => {
    if (standing === 'STOPPING') return taskAtStopping();
    const id = await startInstance(system.platform, processes.get(`task-${standing}`) ?? '');
    const status = { OPEN: 'RUNNING', HELD: 'FAILURE', RAISED: 'FAILURE' }[standing as string] ?? standing;
    const isIt = (task: ShownTask): boolean => task.nodeId === (NODE[standing] ?? 'a') && task.status === status;
    const run = await standsAt(
      system.platform,
      id,
      `has a node at ${standing}`,
      ({ tasks, status: now }) => tasks.some(isIt) && (standing !== 'RAISED' || now === 'FAILURE'),
    );
    return { run, task: run.tasks.find(isIt) as ShownTask };
  };

  it.each(Object.keys(TASKS) as TaskStanding[])(
    'of a node that stands at %s',
    async (standing) => {
      const { run, task } = await taskAt(standing);
      const allowed = allowedOnTask(standing, task.type);
      expect(task.allowed).toEqual(allowed);
      for (const name of BY_ROUTE.filter((each) => !allowed.includes(each))) {
        const answer = await onTask(run.id, task, name);
        if (UNDER_WAY[standing]?.includes(name)) expect([standing, name, answer.status]).toEqual([standing, name, 200]);
        else await expectRefused(answer, allowed, run);
      }
      for (const [index, name] of allowed.filter((each) => BY_ROUTE.includes(each)).entries()) {
        const at = index === 0 ? { run, task } : await taskAt(standing);
        const answer = await onTask(at.run.id, at.task, name);
        expect([standing, name, answer.status]).toEqual([standing, name, 200]);
        await post(`${at.run.id}/stop`, { force: true });
      }
    },
    120_000,
  );

  it('has a test for every operation on a node: answers and signals have doors of their own, tried in a file of their own', () => {
    expect(TASK_OPERATIONS.filter((name) => !BY_ROUTE.includes(name))).toEqual(['answer', 'signal']);
  });
});
