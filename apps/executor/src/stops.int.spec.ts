import { isTerminalTask, type TaskStatus } from '@orderlines/contracts';
import { Platform, until } from './testing/platform.js';
import { ScriptedWorker } from './testing/scripted-worker.js';

/** The worker keeps it running. */
const HELD = '{ id: held, uses: log, with: { message: wait } }';

/** Where a stop may meet a run: the node that stands so, how it is written, and by which status that is seen. */
const STANDINGS: readonly (readonly [where: string, node: string, id: string, status: TaskStatus])[] = [
  ['a task that nobody takes', '{ id: a, uses: log, queue: nobody, with: { message: x } }', 'a', 'PENDING'],
  ['a running task', HELD, 'held', 'RUNNING'],
  ['a retry', '{ id: a, type: group, retry: { limit: 9, delay: 1h }, flow: [{ id: e, type: end, status: FAILURE }] }', 'a', 'RETRY'],
  ['a delay', '{ id: a, type: delay, for: 1h }', 'a', 'WAITING'],
  ['an approval', '{ id: a, type: approval, users: [nobody], message: Go on? }', 'a', 'WAITING'],
  ['a wait for a signal', '{ id: a, type: wait, signal: never, timeout: 1h }', 'a', 'WAITING'],
  ['a foreach', `{ id: a, type: foreach, items: [1, 2, 3], concurrency: 1, flow: [${HELD}] }`, 'held', 'RUNNING'],
  ['a dag', `{ id: a, type: dag, nodes: [${HELD}, { id: b, needs: [held], uses: log, with: { message: x } }] }`, 'held', 'RUNNING'],
  ['a child process', '{ id: a, type: process, process: long }', 'a', 'WAITING'],
  ['a failure that is held', `{ id: a, type: switch, onError: hold, cases: [{ when: '\${{ false }}', next: never }] }`, 'a', 'FAILURE'],
];

describe('a run that is stopped', () => {
  let platform: Platform;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor();
    await platform.publish('name: long\nflow: [{ id: later, type: delay, for: 1h }]\n', 'long');
    worker = await ScriptedWorker.start(platform.nats.url, {
      run: ({ input }) => ((input as { message: string }).message === 'wait' ? null : {}),
    });
  }, 60_000);

  afterAll(async () => {
    await worker.close();
    await platform.close();
  }, 30_000);

  /** A run that has come to where it is to be stopped. */
  const standing = async (node: string, id: string, status: TaskStatus): Promise<string> => {
    const version = await platform.publish(`name: stopped
flow: [${node}, { id: never, uses: log, with: { message: x } }]
teardown: [{ id: tidy, uses: log, with: { message: x } }]
`);
    const { instanceId } = await platform.start(version);
    await until(`${id} is ${status}`, 20_000, async () => {
      const row = (await platform.tasks(instanceId)).find(({ node_id }) => node_id === id);
      return row?.status === status && (status !== 'RUNNING' || worker.held.has(row.id)) ? row : null;
    });
    if (node.includes('type: process'))
      await until('the child run goes on', 20_000, async () => (await platform.childrenOf(instanceId))[0]?.status === 'RUNNING' || null);
    return instanceId;
  };

  /** What runs ends when it is told to. */
  const answerCancels = async (instanceId: string): Promise<void> => {
    for (const [id, { task }] of worker.held) {
      if (task.instanceId !== instanceId) continue;
      await until('the worker is told to end it', 20_000, () => worker.cancelled.includes(id) || null);
      await worker.finish(task, { status: 'STOP' });
    }
  };

  const nothingIsLeft = async (instanceId: string): Promise<string[]> => {
    const rows = await platform.tasks(instanceId);
    expect(rows.filter(({ status }) => !isTerminalTask(status as TaskStatus)).map(({ node_id, status }) => [node_id, status])).toEqual([]);
    for (const { id } of await platform.childrenOf(instanceId)) await platform.reaches(id, 'STOP');
    return rows.map(({ node_id }) => node_id);
  };

  it.each(STANDINGS)('in %s starts its teardown and nothing else, and ends with STOP', async (_where, node, id, status) => {
    const instanceId = await standing(node, id, status);
    const granted = worker.granted.length;
    expect(await platform.operate(instanceId, { name: 'stop' })).toMatchObject({ accepted: true });
    await answerCancels(instanceId);
    expect(await platform.reaches(instanceId, 'STOP')).toMatchObject({ phase: 'done', error: { reason: 'stopped' } });
    const nodes = await nothingIsLeft(instanceId);
    expect(nodes).toContain('tidy');
    expect(nodes).not.toContain('never');
    expect(worker.granted).toHaveLength(granted + 1);
  });

  it.each(STANDINGS)('by force in %s ends at once, and starts nothing at all', async (_where, node, id, status) => {
    const instanceId = await standing(node, id, status);
    const granted = worker.granted.length;
    expect(await platform.operate(instanceId, { name: 'stop', force: true })).toMatchObject({ accepted: true });
    await platform.reaches(instanceId, 'STOP');
    const nodes = await nothingIsLeft(instanceId);
    expect(nodes).not.toContain('tidy');
    expect(nodes).not.toContain('never');
    await answerCancels(instanceId);
    expect(worker.granted).toHaveLength(granted);
  });
});
