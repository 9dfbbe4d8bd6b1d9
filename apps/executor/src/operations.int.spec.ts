import { listFailedNodes, readInstance } from '@orderlines/persistence';
import { Platform, until } from './testing/platform.js';
import { ScriptedWorker } from './testing/scripted-worker.js';

/** A task; the worker holds one that says `wait`, every other succeeds. */
const node = (id: string, message: string, more = '') => `  - { id: ${id}, uses: log, with: { message: ${message} }${more} }\n`;

describe('operations on nodes on the real stores', () => {
  let platform: Platform;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor();
    worker = await ScriptedWorker.start(platform.nats.url, {
      run: (task) => ((task.input as { message: string }).message === 'wait' ? null : {}),
    });
  }, 60_000);

  afterAll(async () => {
    await worker.close();
    await platform.close();
  }, 30_000);

  const task = async (instanceId: string, nodeId: string) => (await platform.tasks(instanceId)).findLast((row) => row.node_id === nodeId);
  const inStatus = (instanceId: string, nodeId: string, status: string) =>
    until(`${nodeId} is ${status}`, 10_000, async () => {
      const row = await task(instanceId, nodeId);
      return row?.status === status ? row : null;
    });
  const run = async (flow: string) => (await platform.start(await platform.publish(`name: run\nflow:\n${flow}`))).instanceId;

  it('a stop during a retry, a delay and in branches starts nothing more', async () => {
    const instanceId = await run(
      `  - id: p\n    type: parallel\n    branches:\n      x: [{ id: again, type: group, retry: { limit: 9, delay: 1h }, flow: [{ id: e, type: end, status: FAILURE }] }]\n      y: [{ id: later, type: delay, for: 1h }]\n      z: [{ id: held, uses: log, with: { message: wait } }, { id: never, uses: log, with: { message: x } }]\n`,
    );
    await inStatus(instanceId, 'held', 'RUNNING');
    await inStatus(instanceId, 'again', 'RETRY');
    await platform.operate(instanceId, { name: 'stop', force: true });
    await platform.reaches(instanceId, 'STOP');
    expect((await platform.tasks(instanceId)).filter(({ status }) => status === 'PENDING' || status === 'RUNNING')).toEqual([]);
    expect(await task(instanceId, 'never')).toBeUndefined();
  });

  it('a held node keeps its failure, and a skip in the attempt that is meant goes on; the same key gets the same answer', async () => {
    const instanceId = await run(
      `  - { id: a, type: switch, onError: hold, cases: [{ when: '\${{ false }}', next: b }] }\n${node('b', 'x')}`,
    );
    const { id: taskInstanceId } = await inStatus(instanceId, 'a', 'FAILURE');
    const skip = { name: 'skip', taskInstanceId, attempt: 1 };
    expect(await platform.operate(instanceId, { ...skip, attempt: 2 }, 'early')).toMatchObject({ accepted: false, status: 'RUNNING' });
    const answer = await platform.operate(instanceId, skip, 'once');
    expect(answer).toMatchObject({ accepted: true });
    await platform.reaches(instanceId, 'SUCCESS');
    expect(await platform.operate(instanceId, skip, 'once')).toEqual(answer);
    const { rows } = await platform.pool.query('select from runtime.task_attempt where process_instance_id = $1', [instanceId]);
    expect(rows).toHaveLength(1);
  });

  it('a refused operation says how the node stands and what is allowed, and leaves no trace', async () => {
    const instanceId = await run(node('a', 'wait'));
    const { id: taskInstanceId } = await inStatus(instanceId, 'a', 'RUNNING');
    const { seq } = await platform.instance(instanceId);
    expect(await platform.operate(instanceId, { name: 'retry', taskInstanceId, attempt: 1 })).toMatchObject({
      accepted: false,
      status: 'RUNNING',
      allowed: ['fail', 'succeed', 'stop'],
      message: expect.stringContaining('a is RUNNING: retry needs'),
    });
    expect((await platform.instance(instanceId)).seq).toBe(seq);
    const nobody = { name: 'skip', taskInstanceId: instanceId, attempt: 1 };
    await expect(platform.operate(instanceId, nobody)).rejects.toThrow('has no execution');
    await platform.operate(instanceId, { name: 'stop', force: true });
    await platform.reaches(instanceId, 'STOP');
  });

  it('a run that failed is opened again by the node that failed it, one generation more', async () => {
    const instanceId = await run(`  - { id: a, type: end, status: FAILURE, message: no }\n`);
    await platform.reaches(instanceId, 'FAILURE');
    const row = await task(instanceId, 'a');
    await platform.operate(instanceId, { name: 'succeed', taskInstanceId: row?.id, attempt: 1, result: {} });
    await platform.reaches(instanceId, 'SUCCESS');
    const { rows } = await platform.pool.query<{ generation: number; error: unknown }>(
      'select generation, error from runtime.process_instance where id = $1',
      [instanceId],
    );
    expect(rows).toEqual([{ generation: 2, error: null }]);
  });

  it('a rerun copies what came before, and reads it', async () => {
    const flow = `${node('a', 'x')}${node('b', "'\${{ tasks.a.status }}'")}`;
    const instanceId = await run(flow);
    await platform.reaches(instanceId, 'SUCCESS');
    const { newInstanceId } = await platform.operate(instanceId, { name: 'rerun', from: 'b' });
    await platform.reaches(newInstanceId, 'SUCCESS');
    const { rows } = await platform.pool.query<{ nodeId: string; reused: boolean; input: unknown }>(
      `select node_id as "nodeId", reused_from is not null as reused, input from runtime.task_instance
        where process_instance_id = $1 order by id`,
      [newInstanceId],
    );
    expect(rows.map(({ nodeId, reused }) => [nodeId, reused])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    expect(rows[1]?.input).toEqual({ message: 'SUCCESS' });
    await expect(platform.operate(instanceId, { name: 'rerun', from: 'c' })).rejects.toThrow('has no node c');
  });

  it('a dag at the root goes on at each of its failed nodes, and begins again at one of them', async () => {
    const failing = (id: string) => `  - { id: ${id}, type: group, flow: [{ id: ${id}1, type: end, status: FAILURE }] }\n`;
    const flow = `${failing('a')}${failing('b')}${node('c', 'x')}  - { id: d, uses: log, needs: [a, b, c], with: { message: x } }\n`;
    const { instanceId } = await platform.start(await platform.publish(`name: dag\ntype: dag\nflow:\n${flow}`));
    await platform.reaches(instanceId, 'FAILURE');
    const failed = await listFailedNodes(platform.pool, [instanceId]);
    expect(failed.map(({ path }) => path).sort()).toEqual(['a', 'b']);
    const { newInstanceId } = await platform.operate(instanceId, { name: 'rerun', from: 'b' });
    await platform.reaches(newInstanceId, 'FAILURE');
    expect((await platform.tasks(newInstanceId)).flatMap((row) => (row.reused_from === null ? [] : [row.node_id]))).toEqual(['c']);
    for (const { id: taskInstanceId, attempt } of failed)
      expect(await platform.operate(instanceId, { name: 'skip', taskInstanceId, attempt })).toMatchObject({ accepted: true });
    await platform.reaches(instanceId, 'SUCCESS');
    expect((await readInstance(platform.pool, instanceId))?.raised).toEqual([]);
    expect(await task(instanceId, 'd')).toMatchObject({ status: 'SUCCESS', visit: 2 });
  });
});
