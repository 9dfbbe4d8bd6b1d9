import type { RunningWorker } from './index.js';
import { startWorkerTrial, type WorkerTrial } from './trial-worker.js';

describe('a worker', () => {
  let trial: WorkerTrial;
  let worker: RunningWorker;

  beforeAll(async () => {
    trial = await startWorkerTrial('w1');
    worker = await trial.startWorker();
  }, 60_000);
  afterAll(async () => {
    await worker?.close();
    await trial?.close();
  }, 60_000);

  it('runs a task of its queue and reports the result with the token of the claim', async () => {
    const finished = await trial.executor.run('math', { operation: 'add', a: 20, b: 22 });
    expect(finished).toMatchObject({
      token: 'token',
      worker: 'w1',
      outcome: { status: 'SUCCESS', result: { add_value: 42 } },
      logChunks: 0,
    });
  });

  it('streams the log of a task and says how many chunks there are', async () => {
    const task = await trial.executor.send('shell', { command: 'echo one; echo two >&2; echo three' });
    const finished = await trial.executor.end(task);
    expect(finished).toMatchObject({ outcome: { status: 'SUCCESS', result: { exitCode: 0 } } });
    await trial.executor.until('the log', () => trial.executor.log(task).length === 3);
    expect(trial.executor.log(task).sort()).toEqual(['info one', 'info three', 'warn two']);
  });
});
