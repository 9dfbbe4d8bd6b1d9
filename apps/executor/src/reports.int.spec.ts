import { REPORTS, type TaskMessage } from '@orderlines/messaging';
import { Platform, until } from './testing/platform.js';
import { ScriptedWorker } from './testing/scripted-worker.js';

const PROCESS = `
name: reported
flow:
  - { id: first, uses: log, with: { message: one } }
  - { id: second, uses: log, with: { message: two } }
`;

describe('reports of workers', () => {
  let platform: Platform;
  let worker: ScriptedWorker;
  const tasks: TaskMessage[] = [];
  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor();
    worker = await ScriptedWorker.start(platform.nats.url, {
      run: (task) => {
        tasks.push(task);
        return null;
      },
    });
  });
  afterAll(async () => {
    await worker?.close();
    await platform?.close();
  });

  const nextTask = (instanceId: string, nodeId: string) =>
    until(`${nodeId} is claimed`, 10_000, () => tasks.find((task) => task.instanceId === instanceId && task.node.id === nodeId) ?? null);

  const started = async () => (await platform.start(await platform.publish(PROCESS))).instanceId;

  it('are answered when Postgres has them, and the run has gone on', async () => {
    const instanceId = await started();
    const first = await nextTask(instanceId, 'first');
    expect(await worker.report([first], { status: 'SUCCESS', result: { made: 1 } })).toEqual([true]);
    const rows = await platform.tasks(instanceId);
    expect(rows.map(({ node_id: id, status }) => [id, status])).toEqual([
      ['first', 'SUCCESS'],
      ['second', expect.stringMatching(/PENDING|RUNNING/)],
    ]);
  });

  it('count once, however often they come and by whichever way', async () => {
    const instanceId = await started();
    const first = await nextTask(instanceId, 'first');
    const token = worker.tokenOf(first);
    expect(await worker.report([first, first], { status: 'SUCCESS', result: {} }, token)).toEqual([true, true]);
    await worker.finish(first, { status: 'FAILURE', failure: { reason: 'user', message: 'too late' } }, token);
    const second = await nextTask(instanceId, 'second');
    expect(await worker.report([second], { status: 'SUCCESS', result: {} })).toEqual([true]);
    expect((await platform.reaches(instanceId, 'SUCCESS')).error).toBeNull();
    expect((await platform.tasks(instanceId)).map(({ status }) => status)).toEqual(['SUCCESS', 'SUCCESS']);
  });

  it('change nothing without the token of the claim', async () => {
    const instanceId = await started();
    const first = await nextTask(instanceId, 'first');
    await worker.report([first], { status: 'SUCCESS', result: {} }, 'guessed');
    expect((await platform.tasks(instanceId)).map(({ status }) => status)).toEqual(['RUNNING']);
  });

  it('that cannot be understood get no answer, and their results are taken from RUNS', async () => {
    await expect(worker.request(REPORTS.subject('default'), '{"format":1,"results":[{}]}', 300)).rejects.toThrow();
    const instanceId = await started();
    for (const nodeId of ['first', 'second']) await worker.finish(await nextTask(instanceId, nodeId), { status: 'SUCCESS', result: {} });
    expect((await platform.reaches(instanceId, 'SUCCESS')).error).toBeNull();
  });
});
