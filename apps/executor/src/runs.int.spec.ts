import { Platform } from './testing/platform.js';
import { ScriptedWorker } from './testing/scripted-worker.js';

describe('runs', () => {
  let platform: Platform;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor();
    worker = await ScriptedWorker.start(platform.nats.url, { run: (task) => ({ node: task.node.id }) });
  }, 60_000);

  afterAll(async () => {
    await worker.close();
    await platform.close();
  }, 30_000);

  it('go through their nodes and end in SUCCESS', async () => {
    const version = await platform.publish(`
name: line
flow:
  - { id: a, uses: log, with: { message: hello } }
  - { id: b, uses: log, with: { message: "\${{ tasks.a.result.node }}" } }
`);
    const { instanceId, number, status } = await platform.start(version);
    expect({ number, status }).toEqual({ number: 1, status: 'RUNNING' });
    await platform.reaches(instanceId, 'SUCCESS');
    const tasks = await platform.tasks(instanceId);
    expect(tasks.map(({ node_id, status, result }) => ({ node_id, status, result }))).toEqual([
      { node_id: 'a', status: 'SUCCESS', result: { node: 'a' } },
      { node_id: 'b', status: 'SUCCESS', result: { node: 'b' } },
    ]);
  });
});
