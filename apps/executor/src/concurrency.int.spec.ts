import { explainInstance } from '@orderlines/persistence';
import type { CommittedBatch } from './instance/instance-runner.js';
import { Platform, until } from './testing/platform.js';
import { ScriptedWorker, type WorkerScript } from './testing/scripted-worker.js';

const turns = (policy: string, limit = 1, name = policy) => `name: ${name}
params: [{ name: on, type: string, default: production }]
concurrency: { key: "\${{ params.on }}", limit: ${limit}, policy: ${policy} }
flow: [{ id: work, uses: log, with: { message: x } }]
teardown: [{ id: tidy, uses: log, with: { message: y } }]
`;

describe('runs that take turns under a key', () => {
  let platform: Platform;
  const workers: ScriptedWorker[] = [];

  const worker = async (script: WorkerScript = {}) => {
    const started = await ScriptedWorker.start(platform.nats.url, script);
    workers.push(started);
    return started;
  };
  const start = async (version: string, params = {}) => (await platform.start(version, params)).instanceId;
  const phaseOf = async (id: string) => (await platform.instance(id)).phase;

  beforeEach(async () => {
    platform = await Platform.start();
  }, 60_000);

  afterEach(async () => {
    for (const started of workers.splice(0)) await started.close();
    await platform.close();
  }, 30_000);

  it('begin one after the other, in the order in which they came, never two at a time', async () => {
    await platform.executor();
    const other = await platform.executor();
    const version = await platform.publish(turns('queue'));
    const ids: string[] = [];
    for (let count = 0; count < 8; count++) ids.push((await platform.start(version, {}, count % 2 ? { executor: other } : {})).instanceId);
    await worker();
    for (const id of ids) await platform.reaches(id, 'SUCCESS', 30_000);
    const { rows } = await platform.pool.query<{ id: string; started: number; finished: number }>(
      `select id, extract(epoch from started_at)::float8 as started, extract(epoch from finished_at)::float8 as finished
        from runtime.process_instance order by started_at`,
    );
    expect(rows.map(({ id }) => id)).toEqual(ids);
    rows.slice(1).forEach(({ started }, before) => expect(started).toBeGreaterThanOrEqual(rows[before]?.finished ?? Infinity));
  }, 90_000);

  it('do not wait for another key, nor below the limit', async () => {
    await platform.executor();
    const version = await platform.publish(turns('queue', 2));
    const ids = [await start(version), await start(version), await start(version), await start(version, { on: 'staging' })];
    await until('three go on', 10_000, async () =>
      (await Promise.all(ids.map(phaseOf))).filter((phase) => phase === 'body').length === 3 ? true : null,
    );
    expect(await Promise.all(ids.map(phaseOf))).toEqual(['body', 'body', 'queued', 'body']);
  }, 60_000);

  it.each([
    ['skip', 'STOP'],
    ['fail', 'FAILURE'],
  ])(
    '%s: end with %s when there is no slot',
    async (policy, status) => {
      await platform.executor();
      const version = await platform.publish(turns(policy));
      const first = await start(version);
      await platform.reaches(first, 'RUNNING');
      const { error, phase } = await platform.reaches(await start(version), status);
      expect([error?.reason, phase]).toEqual(['policy', 'done']);
      await worker();
      await platform.reaches(first, 'SUCCESS');
    },
    60_000,
  );

  it('cancel_running: the holder is stopped, its teardown runs, and only the newest follows', async () => {
    await platform.executor();
    const version = await platform.publish(turns('cancel_running'));
    const holder = await start(version);
    await platform.reaches(holder, 'RUNNING');
    const [older, newest] = [await start(version), await start(version)];
    await platform.reaches(older, 'STOP');
    await until('the holder is in its teardown', 10_000, async () => ((await phaseOf(holder)) === 'teardown' ? true : null));
    expect(await phaseOf(newest)).toBe('queued');
    await worker();
    expect((await platform.reaches(holder, 'STOP')).error?.reason).toBe('policy');
    await platform.reaches(newest, 'SUCCESS');
  }, 60_000);

  it('leave the queue when they are stopped, and let the next one in', async () => {
    await platform.executor();
    const version = await platform.publish(turns('queue'));
    const [first, second, third] = [await start(version), await start(version), await start(version)];
    await platform.reaches(first, 'RUNNING');
    expect(await platform.operate(second, { name: 'stop' })).toMatchObject({ accepted: true, status: 'STOP' });
    await worker();
    await platform.reaches(first, 'SUCCESS');
    await platform.reaches(third, 'SUCCESS');
  }, 60_000);

  it('share the slot of the run that has started them', async () => {
    await platform.executor();
    await platform.publish(turns('queue', 1, 'inner'), 'inner');
    const version = await platform.publish(
      'name: outer\nconcurrency: { key: production }\nflow: [{ id: call, type: process, process: inner }]\n',
    );
    await worker();
    await platform.reaches(await start(version), 'SUCCESS');
  }, 60_000);

  it('say so when they wait in a circle of parents and children', async () => {
    await platform.executor();
    const caller = (name: string, key: string, inner: string) =>
      platform.publish(
        `name: ${name}\nconcurrency: { key: ${key} }\nflow:\n  - { id: first, uses: log, with: { message: x } }\n  - { id: call, type: process, process: ${inner} }\n`,
      );
    await platform.publish(turns('queue', 1, 'inner-one'), 'inner-one');
    await platform.publish(turns('queue', 1, 'inner-two').replace('production', 'staging'), 'inner-two');
    const runs = [await start(await caller('one', 'production', 'inner-two')), await start(await caller('two', 'staging', 'inner-one'))];
    for (const id of runs) await platform.reaches(id, 'RUNNING');
    await worker();
    for (const [number, id] of runs.entries()) {
      const explanation = await until('the circle is seen', 10_000, async () => {
        const [child] = await platform.childrenOf(id);
        const explained = child ? await explainInstance(platform.pool, child.id) : null;
        return explained?.waits[0]?.reason.text.includes('circle') ? explained : null;
      });
      expect(explanation.waits[0]?.reason).toMatchObject({ kind: 'slot', circle: [runs[1 - number]], heldBy: [runs[1 - number]] });
    }
    await platform.operate(runs[0] ?? '', { name: 'stop' });
    await platform.reaches(runs[1] ?? '', 'SUCCESS');
  }, 60_000);

  it.each([
    ['a run has to get its slot', (batch: CommittedBatch) => batch.runs.some(({ run }) => run.before === null)],
    ['a slot has to be handed over', (batch: CommittedBatch) => batch.runs.some(({ run }) => run.run?.phase === 'done')],
  ])(
    'survive an executor that dies when %s',
    async (_when, what) => {
      const version = await platform.publish(turns('queue'));
      let dead = false;
      const dying = await platform.executor({ survivesCommit: (batch) => !(dead ||= what(batch)), sweepMs: 60_000 });
      await Promise.all([start(version), start(version)].map((started) => started.catch(() => '')));
      await worker();
      await until('it dies', 20_000, () => (dead ? true : null));
      await platform.closeExecutor(dying);
      await platform.executor();
      const { rows } = await platform.pool.query<{ id: string }>('select id from runtime.process_instance');
      expect(rows.length).toBeGreaterThan(0);
      for (const { id } of rows) await platform.reaches(id, 'SUCCESS', 40_000);
    },
    120_000,
  );

  it('cause no deadlock under load, on two executors', async () => {
    await platform.executor();
    const other = await platform.executor();
    await worker({ slots: 50 });
    const versions = [await platform.publish(turns('queue', 3)), await platform.publish(turns('cancel_running'))];
    const ids = await Promise.all(
      Array.from({ length: 60 }, async (_, number) => {
        const options = number % 2 ? { executor: other } : {};
        const { instanceId } = await platform.start(versions[number % 3 ? 0 : 1] ?? '', { on: `key-${number % 5}` }, options);
        return instanceId;
      }),
    );
    for (const id of ids) await until(`run ${id} has ended`, 60_000, async () => ((await phaseOf(id)) === 'done' ? true : null));
    const { rows } = await platform.pool.query(`select deadlocks::int from pg_stat_database where datname = current_database()`);
    expect(rows).toEqual([{ deadlocks: 0 }]);
  }, 120_000);
});
