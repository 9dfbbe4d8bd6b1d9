import { Platform, until } from './testing/platform.js';
import { ScriptedWorker } from './testing/scripted-worker.js';

const TWO = 'name: two\nflow:\n  - { id: first, uses: log, with: { message: x } }\n  - { id: second, uses: log, with: { message: x } }\n';
const kept = () => null;

describe('what is said twice, late or by the wrong worker', () => {
  let platform: Platform;
  let version: string;
  const workers: ScriptedWorker[] = [];

  const worker = async (...args: Parameters<typeof ScriptedWorker.start> extends [string, ...infer Rest] ? Rest : never) => {
    const started = await ScriptedWorker.start(platform.nats.url, ...args);
    workers.push(started);
    return started;
  };
  const holding = (holder: ScriptedWorker, instanceId: string) =>
    until('the worker holds a task', 10_000, () => [...holder.held.values()].find(({ task }) => task.instanceId === instanceId) ?? null);

  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor({ leaseMs: 1_500 });
    version = await platform.publish(TWO);
  }, 60_000);

  afterEach(async () => {
    for (const started of workers.splice(0)) await started.close();
  });

  afterAll(() => platform.close(), 30_000);

  it('moves a run once, however often a result is repeated', async () => {
    await worker({ repeats: 5 });
    const { instanceId } = await platform.start(version);
    await platform.reaches(instanceId, 'SUCCESS');
    expect((await platform.tasks(instanceId)).map(({ node_id, attempt, dispatch }) => [node_id, attempt, dispatch])).toEqual([
      ['first', 1, 1],
      ['second', 1, 1],
    ]);
    expect((await platform.tasks(instanceId)).map(({ late_result }) => late_result)).toEqual([null, null]);
  });

  it('gives an attempt to one session, which gets the same token again', async () => {
    const holder = await worker({ run: kept });
    const { instanceId } = await platform.start(version);
    const { task, token } = await holding(holder, instanceId);
    expect(await holder.claim([task])).toEqual({ format: 1, replies: [{ granted: true, token }] });
    const other = await holder.claim([task], '00000000-0000-4000-8000-000000000001');
    expect(other.replies).toEqual([{ granted: false, refusal: 'taken' }]);
    expect((await holder.claim([{ ...task, dispatch: 7 }])).replies).toEqual([{ granted: false, refusal: 'superseded' }]);
    expect((await holder.claim([{ ...task, instanceId: task.taskInstanceId }])).replies).toEqual([{ granted: false, refusal: 'unknown' }]);
    await platform.operate(instanceId, { name: 'stop', force: true });
  });

  it('does not apply a result without the token of the claim, and shows it', async () => {
    const holder = await worker({ run: kept });
    const { instanceId } = await platform.start(version);
    const { task, token } = await holding(holder, instanceId);
    await holder.finish(task, { status: 'SUCCESS', result: { forged: true } }, 'not the token');
    await until('the forged result is taken from the stream', 5_000, () => (holder.attempts.length === 0 ? true : null));
    const late_result = { attempt: 1, dispatch: 1, worker: holder.name, status: 'SUCCESS', result: { forged: true } };
    expect(await platform.tasks(instanceId)).toMatchObject([{ status: 'RUNNING', late_result }]);
    await holder.finish(task, { status: 'SUCCESS', result: {} }, token);
    await until('the second task starts', 5_000, async () => ((await platform.tasks(instanceId)).length === 2 ? true : null));
    await platform.operate(instanceId, { name: 'stop', force: true });
  });

  it('refuses to start what was stopped while it lay in the queue', async () => {
    const { instanceId } = await platform.start(version);
    await platform.operate(instanceId, { name: 'stop' });
    await platform.reaches(instanceId, 'STOP');
    const late = await worker({});
    await until('the claim is refused', 10_000, () => (late.refusals.includes('stopped') ? true : null));
    expect(late.granted).toEqual([]);
  });

  it('tells a worker what is stored and what nobody knows, and gives a lost idempotent attempt to another', async () => {
    const holder = await worker({ run: kept });
    const { instanceId } = await platform.start(version);
    const { task, token } = await holding(holder, instanceId);
    const stranger = { instanceId, taskInstanceId: instanceId, attempt: 1, dispatch: 1, token: 'x', state: 'running' as const };
    const answer = await holder.beat({ held: [...holder.attempts, stranger, { ...stranger, taskInstanceId: task.taskInstanceId }] });
    expect(answer.unknown.map(({ taskInstanceId }) => taskInstanceId)).toEqual([instanceId, task.taskInstanceId]);
    expect(answer).toMatchObject({ cancel: [], confirmed: [], wantsTaskTypes: true });
    await holder.close();
    workers.splice(0);

    const successor = await worker({});
    const row = await until('the lease runs out', 15_000, async () => {
      await successor.beat();
      const [first] = await platform.tasks(instanceId);
      return first?.status === 'SUCCESS' ? first : null;
    });
    expect(row).toMatchObject({ attempt: 1, dispatch: 2 });
    expect(token).not.toBe('');
    await platform.reaches(instanceId, 'SUCCESS');
  }, 30_000);

  it('fails a lost attempt of a task that may not run twice, with the reason infra, and shows what its worker says afterwards', async () => {
    const holder = await worker({ run: kept, idempotent: false });
    const { instanceId } = await platform.start(version);
    const { task, token } = await holding(holder, instanceId);
    const { error } = await platform.reaches(instanceId, 'FAILURE', 15_000);
    expect(error).toMatchObject({ reason: 'infra' });
    await holder.finish(task, { status: 'SUCCESS', result: { sent: 1 } }, token);
    const [row] = await until('the late result is kept', 5_000, async () => {
      const rows = await platform.tasks(instanceId);
      return rows[0]?.late_result ? rows : null;
    });
    expect(row).toMatchObject({ status: 'FAILURE', reason: 'infra', late_result: { worker: holder.name, result: { sent: 1 } } });
  }, 30_000);
});
