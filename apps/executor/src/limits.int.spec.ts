import { Platform, until } from './testing/platform.js';
import { ScriptedWorker } from './testing/scripted-worker.js';

const PROCESS = `name: limited
params: [{ name: beat, type: string, default: 45s }]
flow:
  - id: only
    uses: log
    queue: QUEUE
    with: { message: x }
    queueTimeout: 2s
    heartbeatTimeout: "\${{ params.beat }}"
    retry: { limit: 1, delay: 100ms, reasons: [timeout.heartbeat] }
`;

describe('limits of a task', () => {
  let platform: Platform;
  const workers: ScriptedWorker[] = [];
  const start = async (queue: string) => (await platform.start(await platform.publish(PROCESS.replace('QUEUE', queue)))).instanceId;
  const holding = async (queue: string) => {
    const worker = await ScriptedWorker.start(platform.nats.url, { queue, run: () => null });
    workers.push(worker);
    return worker;
  };
  const taskOf = (worker: ScriptedWorker, attempt: number) =>
    until(`attempt ${attempt}`, 10_000, () => [...worker.held.values()].find(({ task }) => task.attempt === attempt)?.task ?? null);

  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor();
  }, 60_000);
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.close();
  });
  afterAll(() => platform.close(), 30_000);

  it('fails a task that nobody takes within its queueTimeout, and starts it no more', async () => {
    const instanceId = await start('lonely');
    const { error } = await platform.reaches(instanceId, 'FAILURE');
    expect(error).toMatchObject({ reason: 'timeout.queue' });
    const late = await holding('lonely');
    await until('the claim is refused', 10_000, () => (late.refusals.length > 0 ? true : null));
    expect(late.granted).toEqual([]);
  });

  it('tells every attempt its heartbeatTimeout, and repeats one that was silent where the retry says so', async () => {
    const worker = await holding('beating');
    const instanceId = await start('beating');
    const first = await taskOf(worker, 1);
    expect(first.heartbeatTimeoutMs).toBe(45_000);
    await worker.finish(first, { status: 'FAILURE', failure: { reason: 'timeout.heartbeat', message: 'It was silent' } });
    const second = await taskOf(worker, 2);
    expect(second.heartbeatTimeoutMs).toBe(45_000);
    await worker.finish(second, { status: 'FAILURE', failure: { reason: 'timeout.heartbeat', message: 'It was silent' } });
    expect((await platform.reaches(instanceId, 'FAILURE')).error).toMatchObject({ reason: 'timeout.heartbeat' });
  });
});
