import { jest } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKERS, type TaskMessage } from '@orderlines/messaging';
import { isAlive } from './testing/trial-process.js';
import { startWorkerTrial, type WorkerTrial } from './testing/trial-worker.js';

jest.setTimeout(90_000);

describe('a worker process', () => {
  let trial: WorkerTrial;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    trial = await startWorkerTrial('w1');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await end(child, 'SIGKILL');
    await trial.close();
  });

  const start = (output: 'inherit' | 'pipe' = 'inherit') => {
    const environment = {
      ORDERLINES_NATS_URL: trial.nats.url,
      ORDERLINES_WORKER_NAME: 'w1',
      ORDERLINES_DATA_DIR: trial.config.dataDir,
      ORDERLINES_WORKER_DRAIN_SECONDS: '1',
      ORDERLINES_LOG_LEVEL: 'warn',
    };
    const child = spawn(process.execPath, [join(trial.built, 'main.js')], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', output, 'inherit'],
    });
    children.push(child);
    return child;
  };
  const end = async (child: ChildProcess, signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, 'exit');
    child.kill(signal);
    return ((await exited) as [number | null])[0];
  };
  /** Starts a task that tells its process id, and waits for that. */
  const endless = async (more: Partial<TaskMessage> = {}, command = 'echo $$ > pid; cat pid; touch here; sleep 300') => {
    const task = await trial.executor.send('shell', { command }, more);
    await trial.executor.until('the first line', () => trial.executor.log(task).length > 0);
    return { task, pid: Number(trial.executor.log(task)[0]?.slice(5)) };
  };

  it('that is killed leaves none of its tasks running, and takes shared folders up again', async () => {
    const first = start();
    const { task, pid } = await endless({ workspace: 'shared' });
    expect(isAlive(pid)).toBe(true);
    await end(first, 'SIGKILL');
    await trial.executor.until('the end of the task process', () => !isAlive(pid), 5_000);
    start();
    const again = await trial.executor.run(
      'shell',
      { command: 'ls; cat pid' },
      { ...task, dispatch: 2, runs: task.runs.replace(/1$/, '2'), input: { command: 'ls' } },
    );
    expect(again.outcome).toMatchObject({ status: 'SUCCESS', result: { output: expect.stringContaining('here') } });
    const [former, session] = new Set(trial.executor.beats.map((beat) => beat.session));
    const beats = trial.executor.beats.filter((beat) => beat.session === session);
    expect(beats[0]?.succeeds).toEqual([former]);
    await trial.executor.until('a second heartbeat', () => trial.executor.beats.at(-1)?.succeeds === undefined);
  });

  it('that is killed leaves nothing running that has left its process group', async () => {
    const first = start();
    const { pid } = await endless({}, `setsid sh -c 'echo $$; sleep 300' & wait`);
    expect(isAlive(pid)).toBe(true);
    await end(first, 'SIGKILL');
    await trial.executor.until('the end of the process', () => !isAlive(pid), 5_000);
  });

  it('that is killed together with its guardian has its tasks ended by the next of its name, before that takes work', async () => {
    const first = start();
    const { pid } = await endless();
    const guardian = guardianOf(first.pid ?? 0);
    process.kill(guardian, 'SIGKILL');
    await end(first, 'SIGKILL');
    expect(isAlive(pid)).toBe(true);
    start();
    await trial.executor.run('log', { message: 'first work of the second worker' });
    expect(isAlive(pid)).toBe(false);
  });

  it('that is told to end lets short tasks end, stops long ones, reports both, and exits with 0', async () => {
    const child = start();
    const { task: long, pid } = await endless();
    const short = await trial.executor.send('shell', { command: 'echo on; sleep 0.5; echo done' });
    await trial.executor.until('the short task', () => trial.executor.log(short).length > 0);
    const waiting = await trial.executor.send('log', { message: 'not for this worker' }, { queue: 'nobody' });
    expect(await end(child, 'SIGTERM')).toBe(0);
    expect((await trial.executor.end(short)).outcome.status).toBe('SUCCESS');
    expect((await trial.executor.end(long)).outcome).toMatchObject({
      status: 'FAILURE',
      failure: { reason: 'infra', message: 'Its worker was shut down' },
    });
    expect(isAlive(pid)).toBe(false);
    expect(trial.executor.finished.has(waiting.taskInstanceId)).toBe(false);
    expect(readdirSync(join(trial.config.dataDir, 'workers/w1')).filter((file) => file.endsWith('.lock'))).toEqual([]);
    expect(trial.executor.beats.at(-1)).toMatchObject({ isOver: true, held: [] });
  });

  it('that is cut off from NATS kills its tasks before their lease is out, and reports them when NATS is back', async () => {
    start();
    const { task, pid } = await endless({ graceMs: 30_000 }, `trap '' TERM; echo $$; while :; do sleep 1; done`);
    await trial.nats.kill();
    await trial.executor.until('the end of the task process', () => !isAlive(pid), WORKERS.leaseMs);
    await trial.nats.restart();
    expect((await trial.executor.end(task)).outcome).toMatchObject({
      status: 'FAILURE',
      failure: { reason: 'infra', message: 'Its worker was cut off from NATS' },
    });
    expect((await trial.executor.run('math', { operation: 'add', a: 1, b: 1 })).outcome.status).toBe('SUCCESS');
  });

  it('goes on with what it runs over a short outage of NATS, its storage wiped, and loses no result', async () => {
    start();
    const task = await trial.executor.send('shell', { command: 'echo on; sleep 3; echo "n=1" >> "$ORDERLINES_RESULT"' });
    await trial.executor.until('the first line', () => trial.executor.log(task).length > 0);
    await trial.nats.wipe();
    await trial.executor.restoreStreams();
    expect((await trial.executor.end(task)).outcome).toMatchObject({ status: 'SUCCESS', result: { n: 1 } });
    expect((await trial.executor.run('math', { operation: 'add', a: 1, b: 1 })).outcome.status).toBe('SUCCESS');
  });

  it('waits for NATS at its start, and says so', async () => {
    await trial.nats.kill();
    const child = start('pipe');
    let output = '';
    child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
    await trial.executor.until('a word of it', () => output.includes('NATS cannot be reached'));
    await trial.nats.restart();
    expect((await trial.executor.run('math', { operation: 'add', a: 1, b: 1 })).outcome.status).toBe('SUCCESS');
    expect(child.exitCode).toBeNull();
  });

  it('refuses a bad environment with all problems', async () => {
    const child = spawn(process.execPath, [join(trial.built, 'main.js')], {
      env: { PATH: process.env['PATH'], ORDERLINES_WORKER_SLOTS: '0', ORDERLINES_WORKER_QUEUES: 'a b' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(1);
    for (const name of ['ORDERLINES_NATS_URL', 'ORDERLINES_WORKER_SLOTS', 'ORDERLINES_WORKER_QUEUES']) expect(output).toContain(name);
  });
});

const guardianOf = (worker: number): number => {
  const children = readFileSync(`/proc/${worker}/task/${worker}/children`, 'utf8').trim().split(' ').map(Number);
  const guardian = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('orderlines-guardian'));
  if (guardian === undefined) throw new Error(`the worker ${worker} has no guardian`);
  return guardian;
};
