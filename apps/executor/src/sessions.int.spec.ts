import { randomUUID } from 'node:crypto';
import { Platform, until } from './testing/platform.js';
import { ScriptedWorker, type WorkerScript } from './testing/scripted-worker.js';

const ONE = 'name: one\nflow: [{ id: only, uses: log, with: { message: x } }]\n';
const LEASE_MS = 60_000;

describe('sessions of a worker', () => {
  let platform: Platform;
  let version: string;
  let name: string;
  const workers: ScriptedWorker[] = [];

  /** A worker of the test's name; one after another. */
  const session = async (script: WorkerScript = {}) => {
    const worker = await ScriptedWorker.start(platform.nats.url, script, name);
    workers.push(worker);
    return worker;
  };
  /** A worker that has a task of a new run. */
  const holding = async (idempotent: boolean) => {
    const worker = await session({ run: () => null, idempotent });
    await worker.beat();
    const { instanceId } = await platform.start(version);
    const { task } = await until('the worker holds a task', 10_000, () => [...worker.held.values()][0] ?? null);
    return { worker, instanceId, task };
  };

  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor({ leaseMs: LEASE_MS, settleMs: LEASE_MS });
    version = await platform.publish(ONE);
  }, 60_000);
  beforeEach(() => {
    name = `worker-${randomUUID().slice(0, 8)}`;
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.close();
  });
  afterAll(() => platform.close(), 30_000);

  it('gives an idempotent task of a former session to the next at once', async () => {
    const { worker, instanceId } = await holding(true);
    await worker.close();
    const successor = await session();
    expect((await successor.beat({ succeeds: [worker.session] })).refused).toBeUndefined();
    await platform.reaches(instanceId, 'SUCCESS');
    expect(await platform.tasks(instanceId)).toMatchObject([{ attempt: 1, dispatch: 2 }]);
  });

  it('fails one that may not run twice, at once', async () => {
    const { worker, instanceId } = await holding(false);
    await worker.close();
    await (await session()).beat({ succeeds: [worker.session] });
    const { error } = await platform.reaches(instanceId, 'FAILURE');
    expect(error).toMatchObject({ reason: 'infra', message: expect.stringContaining(`Worker ${name} was ended while it ran this`) });
  });

  it('applies what a former session has said before the next says that it is over', async () => {
    const { worker, instanceId, task } = await holding(false);
    await worker.finish(task, { status: 'SUCCESS', result: {} });
    await (await session()).beat({ succeeds: [worker.session] });
    await platform.reaches(instanceId, 'SUCCESS');
  });

  it('refuses a second session while the first lives, and lets it work when the first has said that it is over', async () => {
    const first = await session();
    await first.beat();
    const second = await session();
    expect((await second.beat()).refused).toContain(`another worker named "${name}" (session ${first.session})`);
    expect((await first.beat()).refused).toBeUndefined();
    await first.beat({ isOver: true });
    expect((await second.beat()).refused).toBeUndefined();
    expect((await first.beat()).refused).toContain(second.session);
  });

  it('lets one of many sessions in that come at once', async () => {
    const sessions = await Promise.all(Array.from({ length: 8 }, () => session()));
    const replies = await Promise.all(sessions.map((worker) => worker.beat()));
    expect(replies.filter(({ refused }) => refused === undefined)).toHaveLength(1);
  });

  it('does not let a worker end the session of another name', async () => {
    const { worker, instanceId } = await holding(false);
    const stranger = await ScriptedWorker.start(platform.nats.url, { queue: 'elsewhere' });
    workers.push(stranger);
    await stranger.beat({ succeeds: [worker.session] });
    expect(await platform.tasks(instanceId)).toMatchObject([{ status: 'RUNNING' }]);
    expect((await worker.beat()).refused).toBeUndefined();
    await platform.operate(instanceId, { name: 'stop', force: true });
  });
});
