import { Platform, until } from './testing/platform.js';
import { ScriptedWorker } from './testing/scripted-worker.js';

const TWO = `
name: two
variables: [{ name: n, type: integer, value: 1 }]
flow:
  - { id: a, uses: log, with: { message: "\${{ vars.n }}" } }
  - { id: b, uses: log, with: { message: b }, breakpoint: true }
`;

describe('a debugged run', () => {
  let platform: Platform;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor();
    worker = await ScriptedWorker.start(platform.nats.url, { run: (task) => ({ given: task.input as never }) });
  }, 60_000);

  afterAll(async () => {
    await worker.close();
    await platform.close();
  }, 30_000);

  const stop = (instanceId: string, nodeId: string) =>
    until(`the stop before ${nodeId}`, 10_000, async () => {
      const { rows } = await platform.pool.query<{ id: string; input: unknown }>(
        `select id, input from runtime.task_instance
          where process_instance_id = $1 and node_id = $2 and status = 'WAITING' and waits_for ->> 'kind' = 'breakpoint'`,
        [instanceId, nodeId],
      );
      return rows[0] ?? null;
    });
  const act = (instanceId: string, action: object, key = '') => platform.operate(instanceId, { name: 'debug', action }, key);

  it('stops before each node with its inputs in the row, and goes on step by step with what a person changed', async () => {
    const { instanceId } = await platform.start(await platform.publish(TWO), {}, { debug: 'all' });
    expect(await stop(instanceId, 'a')).toMatchObject({ input: { message: 1 } });
    expect(await act(instanceId, { action: 'variables', values: { n: 5 } })).toMatchObject({ accepted: true });
    expect(await stop(instanceId, 'a')).toMatchObject({ input: { message: 5 } });
    expect(await act(instanceId, { action: 'step' }, 'once')).toMatchObject({ accepted: true });
    const { id } = await stop(instanceId, 'b');
    expect(await act(instanceId, { action: 'step' }, 'once')).toMatchObject({ accepted: true });
    expect(await act(instanceId, { action: 'mock', task: id, result: { made: 'up' } })).toMatchObject({ accepted: true });
    await platform.reaches(instanceId, 'SUCCESS');
    expect((await platform.tasks(instanceId)).map(({ node_id, result }) => ({ node_id, result }))).toEqual([
      { node_id: 'a', result: { given: { message: 5 } } },
      { node_id: 'b', result: { made: 'up' } },
    ]);
  });

  it('stops at its breakpoints only when it is started so, and ends with a stop', async () => {
    const { instanceId } = await platform.start(await platform.publish(TWO), {}, { debug: 'breakpoints' });
    await stop(instanceId, 'b');
    expect(await act(instanceId, { action: 'stop' })).toMatchObject({ accepted: true });
    await platform.reaches(instanceId, 'STOP');
  });

  it('is one that was started so: any other refuses', async () => {
    const { instanceId } = await platform.start(await platform.publish(TWO));
    expect(await act(instanceId, { action: 'step' })).toMatchObject({ accepted: false, message: expect.stringContaining('mode debug') });
    await platform.reaches(instanceId, 'SUCCESS');
  });
});
