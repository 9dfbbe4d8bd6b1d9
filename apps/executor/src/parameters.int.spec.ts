import { createDataSource, setParameter } from '@orderlines/persistence';
import type { DataSource } from 'typeorm';
import { Platform, until } from './testing/platform.js';
import { ScriptedWorker } from './testing/scripted-worker.js';

describe('system parameters that are changed while an executor runs', () => {
  let platform: Platform;
  let source: DataSource;

  beforeAll(async () => {
    platform = await Platform.start();
    source = await createDataSource(platform.databaseUrl, 'test').initialize();
    await platform.executor();
  }, 60_000);
  afterAll(async () => {
    await source.destroy();
    await platform.close();
  }, 30_000);

  it('steer the runs that begin from then on', async () => {
    const version = await platform.publish('name: plain\nflow: [{ id: only, uses: log, queue: steered, with: { message: x } }]\n');
    const worker = await ScriptedWorker.start(platform.nats.url, { queue: 'steered', run: () => null });
    const timeout = async () => {
      const { instanceId } = await platform.start(version);
      return until('a task is offered', 10_000, () => {
        const held = [...worker.held.values()].find(({ task }) => task.instanceId === instanceId);
        return held?.task.timeoutMs ?? null;
      });
    };
    expect(await timeout()).toBe(3_600_000);
    await setParameter(source.manager, 'task_timeout', '77s', 'ada');
    await until('the change has reached the executor', 5_000, async () => ((await timeout()) === 77_000 ? true : null));
    await worker.close();
  });
});
