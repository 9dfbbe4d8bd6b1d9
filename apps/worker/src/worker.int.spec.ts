import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FinishedMessage } from '@orderlines/messaging';
import type { RunningWorker } from './index.js';
import { isAlive } from './testing/trial-process.js';
import { startWorkerTrial, type WorkerTrial } from './testing/trial-worker.js';

const outputOf = (outcome: FinishedMessage['outcome']): string =>
  'result' in outcome ? (outcome.result as { output: string }).output : '';

jest.setTimeout(60_000);

describe('a worker', () => {
  let trial: WorkerTrial;
  let worker: RunningWorker;

  beforeAll(async () => {
    trial = await startWorkerTrial('w1');
    worker = await trial.startWorker({ queues: ['default', 'other'], slots: 4, cpuSlots: 2 });
  }, 60_000);
  afterAll(async () => {
    await worker?.close();
    await trial?.close();
  }, 60_000);
  afterEach(() => {
    trial.executor.answerClaim = () => ({ granted: true, token: 'token' });
    trial.executor.answerBeat = () => ({});
    trial.executor.confirms = true;
    trial.executor.readsLogs = true;
  });

  const folders = () => join(trial.config.dataDir, 'workers/w1');

  it('runs a task of its queue and reports the result with the token of the claim', async () => {
    const finished = await trial.executor.run('math', { operation: 'add', a: 20, b: 22 });
    expect(finished).toMatchObject({
      token: 'token',
      worker: 'w1',
      outcome: { status: 'SUCCESS', result: { add_value: 42 } },
      logChunks: 0,
    });
  });

  it('tells its task types, queues and slots in its heartbeats, the types only once', async () => {
    const [first] = trial.executor.beats;
    expect(first).toMatchObject({ worker: 'w1', queues: ['default', 'other', 'default-cpu', 'other-cpu'], slots: 6, draining: false });
    expect(first?.taskTypes).toContainEqual(expect.objectContaining({ name: 'shell', version: '1.0.0', wantsVariables: true }));
    await trial.executor.until('a second heartbeat', () => trial.executor.beats.length > 1);
    expect(trial.executor.beats[1]).not.toHaveProperty('taskTypes');
  });

  it('takes tasks of all its queues, and those that only it may run', async () => {
    const finished = await Promise.all([
      trial.executor.run('log', { message: 'x' }, { queue: 'other' }),
      trial.executor.run('log', { message: 'x' }, { onWorker: true }),
      trial.executor.run('log', { message: 'x' }, { queue: 'other', onWorker: true }),
    ]);
    expect(finished.map(({ outcome }) => outcome.status)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS']);
  });

  it('takes tasks of cpu queues beside the others, as many at a time as it has cores for them', async () => {
    const command = 'echo on; until [ -e ../go ]; do sleep 0.05; done';
    const tasks = await Promise.all(
      Array.from({ length: 3 }, () =>
        trial.executor.send('shell', { command: command.replace('../go', `${folders()}/go`) }, { queue: 'default-cpu' }),
      ),
    );
    const begun = () => tasks.filter((task) => trial.executor.log(task).length > 0).length;
    await trial.executor.until('two tasks', () => begun() === 2);
    await Promise.all(Array.from({ length: 4 }, () => trial.executor.run('log', { message: 'beside them' })));
    expect(begun()).toBe(2);
    expect(trial.executor.claims.filter(({ taskInstanceId }) => tasks.some((task) => task.taskInstanceId === taskInstanceId))).toHaveLength(
      2,
    );
    writeFileSync(join(folders(), 'go'), '');
    await Promise.all(tasks.map((task) => trial.executor.end(task)));
  });

  it('hands params and variables of the grant to the task, and its variables back', async () => {
    trial.executor.answerClaim = ({ wantsVariables }) => ({
      granted: true,
      token: 'token',
      ...(wantsVariables ? { params: { day: 'monday' }, variables: { n: 1 } } : {}),
    });
    const finished = await trial.executor.run('javascript', { code: 'setVariable("n", variables.n + 1); return { day: params.day }' });
    expect(finished).toMatchObject({ outcome: { result: { day: 'monday' } }, variables: { n: 2 } });
  });

  it('streams the log of a task with level and time, and says how many chunks there are', async () => {
    const task = await trial.executor.send('shell', { command: 'echo one; sleep 0.3; echo two >&2; sleep 0.3; echo three' });
    const finished = await trial.executor.end(task);
    await trial.executor.until('the log', () => trial.executor.log(task).length === 3);
    expect(trial.executor.log(task)).toEqual(['info one', 'warn two', 'info three']);
    expect(finished.logChunks).toBe(3);
    const times = trial.executor.chunks
      .filter(({ taskInstanceId }) => taskInstanceId === task.taskInstanceId)
      .map(({ lines }) => lines[0]?.at ?? 0);
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  it('starts nothing when the claim is refused, and forgets the message', async () => {
    trial.executor.answerClaim = () => ({ granted: false, refusal: 'stopped' });
    const file = join(trial.config.dataDir, randomUUID());
    const claims = trial.executor.claims.length;
    await trial.executor.send('shell', { command: `touch ${file}` });
    await trial.executor.until('the claim', () => trial.executor.claims.length > claims);
    trial.executor.answerClaim = () => ({ granted: true, token: 'token' });
    await trial.executor.run('log', { message: 'after it' });
    expect(existsSync(file)).toBe(false);
  });

  it('asks again while no executor can answer, and then starts the task once', async () => {
    const before = trial.executor.claims.length;
    trial.executor.answerClaim = () => (trial.executor.claims.length - before < 3 ? 'retry' : { granted: true, token: 'late' });
    const task = await trial.executor.send('math', { operation: 'add', a: 1, b: 1 });
    const finished = await trial.executor.end(task);
    expect(finished.token).toBe('late');
    expect(trial.executor.claims.slice(before).map(({ taskInstanceId }) => taskInstanceId)).toEqual(Array(3).fill(task.taskInstanceId));
    expect(trial.executor.finished.get(task.taskInstanceId)).toHaveLength(1);
  });

  it('begins a dispatch once, although each of its copies is granted', async () => {
    const file = join(trial.config.dataDir, randomUUID());
    const claims = trial.executor.claims.length;
    const task = await trial.executor.send('shell', { command: `echo once >> ${file}; sleep 1` });
    await trial.executor.until('its beginning', () => existsSync(file));
    const again = (command: string) => trial.executor.send('shell', {}, { ...task, input: { command } });
    await again(`echo twice >> ${file}`);
    await trial.executor.end(task);
    await again(`echo after it >> ${file}`);
    await trial.executor.until('three claims', () => trial.executor.claims.length >= claims + 3);
    await trial.executor.run('log', { message: 'after it' });
    expect(readFileSync(file, 'utf8')).toBe('once\n');
  });

  it('takes no more than its free slots', async () => {
    const tasks = await Promise.all(Array.from({ length: 12 }, () => trial.executor.send('shell', { command: 'echo on; sleep 0.5' })));
    let most = 0;
    const ended = Promise.all(tasks.map((task) => trial.executor.end(task)));
    let done = false;
    void ended.then(() => (done = true));
    while (!done) {
      const attempts = readdirSync(join(folders(), 'attempts'));
      most = Math.max(most, attempts.length);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('cancels a task at once when it is told so', async () => {
    const task = await trial.executor.send('shell', { command: 'echo state=half >> "$ORDERLINES_RESULT"; echo on; sleep 300' });
    await trial.executor.until('the first line', () => trial.executor.log(task).length > 0);
    trial.executor.control({
      format: 1,
      kind: 'cancel',
      taskInstanceId: task.taskInstanceId,
      attempt: 1,
      reason: 'stopped',
      graceMs: 5_000,
    });
    expect((await trial.executor.end(task)).outcome).toMatchObject({ status: 'STOP', result: { state: 'half' } });
  });

  it('cancels what the answer to a heartbeat names, and kills what ignores it', async () => {
    const task = await trial.executor.send('shell', { command: `trap '' TERM; echo $$; while :; do sleep 1; done` });
    await trial.executor.until('the first line', () => trial.executor.log(task).length > 0);
    const pid = Number(trial.executor.log(task)[0]?.slice(5));
    trial.executor.answerBeat = () => ({ cancel: [{ taskInstanceId: task.taskInstanceId, attempt: 1, reason: 'stopped', graceMs: 200 }] });
    expect((await trial.executor.end(task)).outcome.status).toBe('STOP');
    expect(isAlive(pid)).toBe(false);
  });

  it('names what it runs in its heartbeats', async () => {
    const task = await trial.executor.send('sleep', { for: '60s' });
    const named = () => trial.executor.beats.at(-1)?.held.find(({ taskInstanceId }) => taskInstanceId === task.taskInstanceId);
    await trial.executor.until('a heartbeat that names it', () => named() !== undefined);
    expect(named()).toMatchObject({ state: 'running', token: 'token', attempt: 1, dispatch: 1 });
    expect(trial.executor.beats.at(-1)).toMatchObject({ busy: 1, heldIsComplete: true });
    trial.executor.answerBeat = () => ({ unknown: [task] });
    await trial.executor.until('a heartbeat without it', () => named() === undefined);
    expect(trial.executor.finished.has(task.taskInstanceId)).toBe(false);
  });

  it('keeps the time-out of a task', async () => {
    const finished = await trial.executor.run('shell', { command: 'echo on; sleep 300' }, { timeoutMs: 300 });
    expect(finished.outcome).toMatchObject({
      status: 'FAILURE',
      failure: { reason: 'timeout.run', message: 'It ran longer than its timeout of 300 ms' },
      result: { output: 'on\n' },
    });
  });

  it('ends a task that gives no sign of life', async () => {
    const [quiet, loud] = await Promise.all([
      trial.executor.run('shell', { command: 'sleep 300' }, { heartbeatTimeoutMs: 400 }),
      trial.executor.run('shell', { command: 'for n in 1 2 3 4 5 6 7 8; do echo $n; sleep 0.1; done' }, { heartbeatTimeoutMs: 400 }),
    ]);
    expect(quiet?.outcome).toMatchObject({ status: 'FAILURE', failure: { reason: 'timeout.heartbeat' } });
    expect(loud?.outcome.status).toBe('SUCCESS');
  });

  it('reports a task type that it does not have', async () => {
    const { outcome } = await trial.executor.run('ansible.playbook', {});
    expect(outcome).toMatchObject({
      status: 'FAILURE',
      failure: { reason: 'plugin', code: 'task-type.unknown', message: expect.stringContaining('w1') },
    });
  });

  it('sends a result again until somebody confirms it', async () => {
    trial.executor.confirms = false;
    const task = await trial.executor.send('log', { message: 'x' });
    const sent = () => trial.executor.finished.get(task.taskInstanceId) ?? [];
    await trial.executor.until('the repeat', () => sent().length > 1);
    expect(trial.executor.beats.at(-1)?.held).toContainEqual(
      expect.objectContaining({ taskInstanceId: task.taskInstanceId, state: 'finished' }),
    );
    expect(sent()[1]).toEqual(sent()[0] as FinishedMessage);
    trial.executor.answerBeat = () => ({ confirmed: [task] });
    await trial.executor.until('a heartbeat without it', () => trial.executor.beats.at(-1)?.held.length === 0);
  });

  it('gives every task a folder of its own, and empties it', async () => {
    const { outcome } = await trial.executor.run('shell', { command: 'pwd; touch left; ls' });
    expect(outputOf(outcome).trim().split('\n').slice(1)).toEqual(['left']);
    await trial.executor.until('the folder is gone', () => readdirSync(join(folders(), 'attempts')).length === 0);
  });

  it('shares the folder of a run between its tasks until the run has ended', async () => {
    const more = { workspace: randomUUID() };
    await trial.executor.run('file.write', { path: 'a.txt', content: 'from before' }, more);
    const { outcome } = await trial.executor.run('shell', { command: 'cat a.txt' }, { ...more, onWorker: true });
    expect(outcome).toMatchObject({ result: { output: 'from before' } });
    await trial.executor.until(
      'a heartbeat that names the folder',
      () => trial.executor.beats.at(-1)?.workspaces?.includes(more.workspace) === true,
    );
    trial.executor.answerBeat = () => ({ endedWorkspaces: [more.workspace, '../../w1'] });
    await trial.executor.until('the folder is gone', () => !existsSync(join(folders(), 'workspaces', more.workspace)));
    expect(existsSync(folders())).toBe(true);
  });

  it('refuses a folder name that leads elsewhere', async () => {
    const { outcome } = await trial.executor.run('shell', { command: 'pwd' }, { workspace: '../../elsewhere' });
    expect(outcome).toMatchObject({ status: 'FAILURE', failure: { reason: 'infra', code: 'folder.unusable' } });
  });

  it('slows a task whose log nobody takes, and no other', async () => {
    trial.executor.readsLogs = false;
    const loud = await trial.executor.send('shell', {
      command: 'for n in $(seq 60000); do echo "line $n of a loud task, which goes on and on and on"; done; echo end',
    });
    await trial.executor.run('log', { message: 'quiet' });
    const quiet = await trial.executor.run('math', { operation: 'add', a: 1, b: 1 });
    expect(quiet.outcome.status).toBe('SUCCESS');
    trial.executor.readsLogs = true;
    const finished = await trial.executor.end(loud);
    await trial.executor.until(
      'the whole log',
      () =>
        new Set(trial.executor.chunks.filter(({ taskInstanceId }) => taskInstanceId === loud.taskInstanceId).map(({ chunk }) => chunk))
          .size === finished.logChunks,
    );
    const log = trial.executor.log(loud);
    expect(log).toHaveLength(60_001);
    expect(log.at(-1)).toBe('info end');
  }, 90_000);

  it('drops a message that is no task and goes on', async () => {
    trial.executor.connection.publish('tasks.default.any.x.y', 'no task');
    expect((await trial.executor.run('log', { message: 'x' })).outcome.status).toBe('SUCCESS');
  });

  it('tells its health and metrics', async () => {
    const ready = await fetch(`http://127.0.0.1:${worker.healthPort}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, checks: { work: { ok: true } } }]);
    const metrics = await (await fetch(`http://127.0.0.1:${worker.healthPort}/metrics`)).text();
    expect(metrics).toMatch(/orderlines_worker_attempts_total\{type="log",status="SUCCESS",service="worker"\} \d+/);
  });

  it('takes no work while another worker of its name lives, says why, and goes on when that has ended', async () => {
    trial.executor.answerBeat = () => ({ refused: 'another worker named "w1" lives' });
    const ready = async () => (await fetch(`http://127.0.0.1:${worker.healthPort}/health/ready`)).text();
    await trial.executor.until('a refusal', async () => (await ready()).includes('another worker named'));
    const claims = trial.executor.claims.length;
    const task = await trial.executor.send('log', { message: 'later' });
    const beats = trial.executor.beats.length;
    await trial.executor.until('two more heartbeats', () => trial.executor.beats.length > beats + 1);
    expect(trial.executor.claims).toHaveLength(claims);
    trial.executor.answerBeat = () => ({});
    expect((await trial.executor.end(task)).outcome.status).toBe('SUCCESS');
  });

  it('does not start twice on the same folder', async () => {
    await expect(trial.startWorker()).rejects.toThrow(/already runs on/);
  });
});
