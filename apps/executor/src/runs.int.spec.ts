import { status } from '@grpc/grpc-js';
import { Platform, until } from './testing/platform.js';
import { ScriptedWorker } from './testing/scripted-worker.js';

const LINE = `
name: line
params:
  - { name: greeting, type: string, default: hello }
  - { name: count, type: integer, required: true }
flow:
  - { id: a, uses: log, with: { message: "\${{ params.greeting }}" } }
  - { id: b, uses: log, with: { message: "\${{ tasks.a.result.node }}" } }
`;
const HELD = 'name: held\nflow:\n  - { id: held, uses: log, with: { message: x } }\n  - { id: after, uses: log, with: { message: x } }\n';

describe('runs', () => {
  let platform: Platform;
  let worker: ScriptedWorker;
  const failuresLeft = new Map<string, number>();

  const run = (task: { node: { id: string }; input: unknown }) => {
    const left = failuresLeft.get(task.node.id) ?? 0;
    failuresLeft.set(task.node.id, left - 1);
    if (left > 0) throw new Error('not yet');
    return task.node.id === 'held' ? null : { node: task.node.id, input: task.input as never };
  };
  const heldTask = (instanceId: string) =>
    until(
      'the worker holds the task',
      10_000,
      () => [...worker.held.values()].find(({ task }) => task.instanceId === instanceId)?.task ?? null,
    );

  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor();
    worker = await ScriptedWorker.start(platform.nats.url, { run });
  }, 60_000);

  afterAll(async () => {
    await worker.close();
    await platform.close();
  }, 30_000);

  it('go through their nodes and end in SUCCESS, expressions seeing params and results', async () => {
    const { instanceId, number, status: first } = await platform.start(await platform.publish(LINE), { count: 1 });
    expect({ number, first }).toEqual({ number: 1, first: 'RUNNING' });
    await platform.reaches(instanceId, 'SUCCESS');
    const tasks = await platform.tasks(instanceId);
    expect(tasks.map(({ node_id, status: ended, result }) => ({ node_id, ended, result }))).toEqual([
      { node_id: 'a', ended: 'SUCCESS', result: { node: 'a', input: { message: 'hello' } } },
      { node_id: 'b', ended: 'SUCCESS', result: { node: 'b', input: { message: 'a' } } },
    ]);
  });

  it('write gapless history whose last number is the version of the row', async () => {
    const { instanceId } = await platform.start(await platform.publish(LINE), { count: 1 });
    const { seq } = await platform.reaches(instanceId, 'SUCCESS');
    const { rows } = await platform.pool.query<{ seq: number }>(
      'select seq from runtime.history where process_instance_id = $1 order by seq',
      [instanceId],
    );
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: seq }, (_, position) => position + 1));
  });

  it('are numbered one after the other for each process', async () => {
    const version = await platform.publish(LINE);
    const answers = await Promise.all(Array.from({ length: 20 }, () => platform.start(version, { count: 1 })));
    expect(answers.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, position) => position + 1),
    );
  });

  it('are refused with every problem of their params', async () => {
    const version = await platform.publish(LINE);
    const refusal = platform.start(version, { greeting: 7, unknown: true });
    await expect(refusal).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    const error = (await refusal.catch((caught: unknown) => caught)) as { metadata: { get(name: string): Buffer[] } };
    const problems = JSON.parse(String(error.metadata.get('orderlines-problem-bin')[0])) as { path: string }[];
    expect(problems.length).toBeGreaterThanOrEqual(2);
    await expect(platform.start('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({ code: status.NOT_FOUND });
    await expect(platform.start('nonsense')).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  it('are started once for each idempotency key, and another request with the key is refused', async () => {
    const version = await platform.publish(LINE);
    const together = await Promise.all([1, 2, 3].map(() => platform.start(version, { count: 1 }, { idempotencyKey: 'key-1' })));
    const later = await platform.start(version, { count: 1 }, { idempotencyKey: 'key-1' });
    expect(new Set([...together, later].map(({ instanceId }) => instanceId)).size).toBe(1);
    expect(later.repeated).toBe(true);
    await expect(platform.start(version, { count: 2 }, { idempotencyKey: 'key-1' })).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
  });

  it('repeat a failed attempt after its delay, and keep what became of the first', async () => {
    failuresLeft.set('flaky', 2);
    const version = await platform.publish(
      'name: flaky\nflow:\n  - { id: flaky, uses: log, with: { message: x }, retry: { limit: 3, delay: 50ms } }\n',
    );
    const { instanceId } = await platform.start(version);
    await platform.reaches(instanceId, 'SUCCESS');
    expect((await platform.tasks(instanceId)).map(({ attempt, status: ended }) => ({ attempt, ended }))).toEqual([
      { attempt: 3, ended: 'SUCCESS' },
    ]);
    const { rows } = await platform.pool.query('select attempt from runtime.task_attempt where process_instance_id = $1 order by attempt', [
      instanceId,
    ]);
    expect(rows).toEqual([{ attempt: 1 }, { attempt: 2 }]);
    const timers = await platform.pool.query('select 1 from runtime.timer where process_instance_id = $1', [instanceId]);
    expect(timers.rowCount).toBe(0);
  });

  it('end by the queueTimeout of a task that nobody takes', async () => {
    const version = await platform.publish(
      'name: nobody\nflow:\n  - { id: a, uses: log, with: { message: x }, queue: nobody, queueTimeout: 300ms }\n',
    );
    const { instanceId } = await platform.start(version);
    const { error } = await platform.reaches(instanceId, 'FAILURE');
    expect(error).toMatchObject({ reason: 'timeout.queue' });
  });

  it('are stopped: the worker is told, the run waits for its word, nothing further starts', async () => {
    const { instanceId } = await platform.start(await platform.publish(HELD));
    const task = await heldTask(instanceId);
    const answer = await platform.operate(instanceId, { name: 'stop' });
    expect(answer).toMatchObject({ accepted: true, runningTaskInstanceIds: [task.taskInstanceId] });
    await until('the worker is told', 5_000, () => (worker.cancelled.includes(task.taskInstanceId) ? true : null));
    expect((await worker.beat()).cancel.map(({ taskInstanceId }) => taskInstanceId)).toContain(task.taskInstanceId);
    await worker.finish(task, { status: 'STOP' });
    await platform.reaches(instanceId, 'STOP');
    expect((await platform.tasks(instanceId)).map(({ node_id }) => node_id)).toEqual(['held']);
  });

  it('start nothing while they are paused, and go on after a resume', async () => {
    const { instanceId } = await platform.start(await platform.publish(HELD));
    const task = await heldTask(instanceId);
    expect(await platform.operate(instanceId, { name: 'pause' })).toMatchObject({ accepted: true, status: 'PAUSED' });
    await worker.finish(task, { status: 'SUCCESS', result: {} });
    await until('the result is stored', 5_000, async () => ((await platform.tasks(instanceId))[0]?.status === 'SUCCESS' ? true : null));
    expect((await platform.instance(instanceId)).status).toBe('PAUSED');
    expect(await platform.operate(instanceId, { name: 'resume' })).toMatchObject({ accepted: true, status: 'RUNNING' });
    await platform.reaches(instanceId, 'SUCCESS');
  });

  it('are refused what the matrix does not allow, with what it does', async () => {
    const { instanceId } = await platform.start(await platform.publish(LINE), { count: 1 });
    await platform.reaches(instanceId, 'SUCCESS');
    expect(await platform.operate(instanceId, { name: 'pause' })).toMatchObject({
      accepted: false,
      status: 'SUCCESS',
      allowed: ['restart', 'rerun'],
    });
    await expect(platform.operate(instanceId, { name: 'explode' })).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    await expect(platform.operate('00000000-0000-4000-8000-000000000000', { name: 'stop' })).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
  });

  it('are restarted as new runs with the same params', async () => {
    const { instanceId } = await platform.start(await platform.publish(LINE), { count: 5, greeting: 'again' });
    await platform.reaches(instanceId, 'SUCCESS');
    const { newInstanceId } = await platform.operate(instanceId, { name: 'restart', version: 'latest' }, 'restart-1');
    expect((await platform.operate(instanceId, { name: 'restart', version: 'latest' }, 'restart-1')).newInstanceId).toBe(newInstanceId);
    await platform.reaches(newInstanceId, 'SUCCESS');
    const { rows } = await platform.pool.query<{ params: object; origin: string }>(
      'select params, origin from runtime.process_instance where id = $1',
      [newInstanceId],
    );
    expect(rows).toEqual([{ params: { count: 5, greeting: 'again' }, origin: 'rerun' }]);
  });
});
