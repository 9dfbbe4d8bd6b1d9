import { createLogger } from '@orderlines/service-host';
import { Platform, until } from '../testing/platform.js';
import { ScriptedWorker } from '../testing/scripted-worker.js';
import { readUnexplained } from './unexplained.sql.js';
import { Watchdog } from './watchdog.js';

const EVERYTHING = `
name: everything
flow:
  - id: lanes
    type: parallel
    branches:
      queued: [{ id: queued, uses: log, queue: nobody }]
      delayed: [{ id: delayed, type: delay, for: 1h }]
      failing: [{ id: failing, uses: log, with: { message: fail }, retry: { limit: 1, delay: 1h } }]
      held: [{ id: held, uses: log, with: { message: fail }, onError: hold }]
      asking: [{ id: asking, type: approval, users: [ada] }]
      group: [{ id: group, type: group, flow: [{ id: inner, uses: log, queue: nobody }] }]
`;

describe('the watchdog', () => {
  let platform: Platform;
  let worker: ScriptedWorker;
  const found: number[] = [];
  const surroundings = { found: (count: number) => void found.push(count), sweep: () => void found.push(0) };

  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor();
    worker = await ScriptedWorker.start(platform.nats.url, {
      run: (task) => {
        if ((task.input as { message?: string }).message === 'fail') throw new Error('no');
        return {};
      },
    });
  }, 60_000);

  afterAll(async () => {
    await worker.close();
    await platform.close();
  }, 30_000);

  const look = async (): Promise<number[]> => {
    found.length = 0;
    await new Watchdog(platform.pool, surroundings, createLogger('test', 'silent')).look();
    return [...found];
  };

  it('finds nothing in runs that wait in every way there is, also while one is paused', async () => {
    const { instanceId } = await platform.start(await platform.publish(EVERYTHING));
    await until('all wait', 10_000, async () => {
      const tasks = await platform.tasks(instanceId);
      const status = Object.fromEntries(tasks.map(({ node_id, status: now }) => [node_id, now]));
      return status['failing'] === 'RETRY' && status['held'] === 'FAILURE' ? status : null;
    });
    expect(await look()).toEqual([]);
    await platform.operate(instanceId, { name: 'pause' });
    expect(await look()).toEqual([]);
    await platform.operate(instanceId, { name: 'resume' });
    const debugged = await platform.start(await platform.publish(EVERYTHING), {}, { debug: 'all' });
    expect(await look()).toEqual([]);
    await platform.operate(debugged.instanceId, { name: 'stop' });
    await platform.reaches(debugged.instanceId, 'STOP');
    expect(await look()).toEqual([]);
  });

  it.each([
    ['a delay without its timer', `delete from runtime.timer where kind = 'delay' and process_instance_id = $1`, ['delayed']],
    [
      'a wait without a reason',
      `update runtime.task_instance set waits_for = null where node_id = 'asking' and process_instance_id = $1`,
      ['asking'],
    ],
    [
      'a container with nothing inside',
      `update runtime.task_instance set status = 'SUCCESS' where node_id = 'inner' and process_instance_id = $1`,
      ['group'],
    ],
    [
      'a run without anything open',
      `update runtime.task_instance set status = 'STOP', waits_for = null where process_instance_id = $1`,
      [null],
    ],
  ])('finds %s, counts it and has everything published again', async (_what, damage, nodes) => {
    const { instanceId } = await platform.start(await platform.publish(EVERYTHING));
    await until('all are there', 10_000, async () => {
      const tasks = await platform.tasks(instanceId);
      return tasks.filter(({ status }) => status === 'RETRY' || status === 'FAILURE').length === 2 ? tasks : null;
    });
    await platform.pool.query(damage, [instanceId]);
    const unexplained = (await readUnexplained(platform.pool)).filter((row) => row.instanceId === instanceId);
    expect(unexplained.map(({ path }) => path?.split('/').at(-1) ?? null)).toEqual(nodes);
    expect(await look()).toEqual([expect.any(Number), 0]);
    await platform.pool.query('delete from runtime.timer where process_instance_id = $1', [instanceId]);
    await platform.pool.query('delete from runtime.task_instance where process_instance_id = $1', [instanceId]);
    await platform.pool.query(`update runtime.process_instance set status = 'STOP' where id = $1`, [instanceId]);
  });
});
