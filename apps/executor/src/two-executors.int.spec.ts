import { Platform } from './testing/platform.js';
import { ScriptedWorker } from './testing/scripted-worker.js';

const WIDE = `
name: wide
flow:
  - id: all
    type: parallel
    branches:
${Array.from({ length: 10 }, (_, lane) => `      lane${lane}:\n        - { id: a${lane}, uses: log, with: { message: x } }\n        - { id: b${lane}, uses: log, with: { message: x } }\n`).join('')}`;

describe('two executors and two workers', () => {
  let platform: Platform;
  const workers: ScriptedWorker[] = [];

  beforeAll(async () => {
    platform = await Platform.start();
  }, 60_000);

  afterAll(async () => {
    for (const worker of workers) await worker.close();
    await platform.close();
  }, 30_000);

  it('finish many wide runs without a deadlock, each task once', async () => {
    const executors = [await platform.executor(), await platform.executor()];
    for (let count = 0; count < 2; count++) workers.push(await ScriptedWorker.start(platform.nats.url, { repeats: 2 }));
    const version = await platform.publish(WIDE);
    const runs = await Promise.all(
      Array.from({ length: 60 }, (_, number) => platform.start(version, {}, { executor: executors[number % 2] })),
    );
    for (const { instanceId } of runs) await platform.reaches(instanceId, 'SUCCESS', 60_000);
    const { rows } = await platform.pool.query(
      `select count(*)::int as tasks, count(distinct (process_instance_id, node_id))::int as nodes, max(attempt) as attempts
        from runtime.task_instance where type = 'task'`,
    );
    expect(rows).toEqual([{ tasks: 1_200, nodes: 1_200, attempts: 1 }]);
    expect(new Set(workers.flatMap(({ granted }) => granted)).size).toBe(1_200);
    const deadlocks = await platform.pool.query('select deadlocks::int from pg_stat_database where datname = current_database()');
    expect(deadlocks.rows).toEqual([{ deadlocks: 0 }]);
    expect(new Set(runs.map(({ number }) => number)).size).toBe(60);
  }, 120_000);
});
