import type { CommittedBatch } from './instance/instance-runner.js';
import { Platform, until, type InstanceRow } from './testing/platform.js';
import { ScriptedWorker, type WorkerScript } from './testing/scripted-worker.js';

const CHILD = `name: child
params: [{ name: n, type: integer, required: true }]
outputs: { double: "\${{ params.n * 2 }}" }
flow: [{ id: work, uses: log, with: { message: x } }]
teardown: [{ id: tidy, uses: log, with: { message: y } }]
`;
const parentOf = (keys: string) => `name: parent
variables: [{ name: seen, type: any }]
flow: [{ id: call, type: process, process: child, inputs: { n: 21 }, set: { seen: "\${{ result }}" }, ${keys} }]
`;
/** Ended, or told so. */
const ended = (batch: CommittedBatch, parent: boolean) =>
  batch.runs.some(({ run }) => (run.identity.parent === null) === parent && run.run?.phase === 'done');

describe('runs that start runs', () => {
  let platform: Platform;
  const workers: ScriptedWorker[] = [];

  const worker = async (script: WorkerScript = {}) => {
    const started = await ScriptedWorker.start(platform.nats.url, script);
    workers.push(started);
    return started;
  };
  const childOf = (instanceId: string): Promise<InstanceRow> =>
    until('the child run is there', 20_000, async () => (await platform.childrenOf(instanceId)).at(-1) ?? null);
  const begin = async (keys = '') => (await platform.start(await platform.publish(parentOf(keys)))).instanceId;

  beforeEach(async () => {
    platform = await Platform.start();
    await platform.publish(CHILD, 'child');
  }, 60_000);

  afterEach(async () => {
    for (const started of workers.splice(0)) await started.close();
    await platform.close();
  }, 30_000);

  it('have its outputs as the result of the node, and each other’s ids', async () => {
    await platform.executor();
    await worker();
    const parent = await platform.reaches(await begin(), 'SUCCESS');
    expect(parent.variables).toEqual({ seen: { double: 42 } });
    const children = await platform.childrenOf(parent.id);
    expect(children).toMatchObject([{ status: 'SUCCESS', origin: 'parent', ancestors: [parent.id], outputs: { double: 42 } }]);
  }, 60_000);

  it('hand large values down and up', async () => {
    await platform.executor();
    await worker({ run: () => ({ text: 'x'.repeat(100_000) }) });
    const thrice = (node: string) => `\${{ ${[1, 2, 3].map(() => `tasks.${node}.result.text`).join(' + ')} }}`;
    await platform.publish(
      `name: large\nparams: [{ name: given, type: text }]\noutputs: { given: "\${{ size(params.given) }}", made: "${thrice('work')}" }
flow: [{ id: work, uses: log, with: { message: x } }]\n`,
      'large',
    );
    const version = await platform.publish(`name: caller\nvariables: [{ name: sizes, type: list, value: [] }]
flow:
  - { id: make, uses: log, with: { message: x } }
  - id: call
    type: process
    process: large
    inputs: { given: "${thrice('make')}" }
    set: { sizes: "\${{ [result.given, size(result.made)] }}" }\n`);
    const { instanceId } = await platform.start(version);
    expect((await platform.reaches(instanceId, 'SUCCESS')).variables).toEqual({ sizes: [300_000, 300_000] });
  }, 60_000);

  it('fail with every problem of the inputs', async () => {
    await platform.executor();
    const version = await platform.publish('name: wrong\nflow: [{ id: call, type: process, process: child, inputs: { n: many, m: 1 } }]');
    const { instanceId } = await platform.start(version);
    const { error } = await platform.reaches(instanceId, 'FAILURE');
    expect(error).toMatchObject({ reason: 'expression', code: 'params.invalid' });
    expect(error?.message).toMatch(/`m`.*`n`|`n`.*`m`/);
    expect(await platform.childrenOf(instanceId)).toEqual([]);
  }, 60_000);

  it('fail when there is no such process', async () => {
    await platform.executor();
    const { instanceId } = await platform.start(
      await platform.publish('name: lost\nflow: [{ id: call, type: process, process: nowhere }]'),
    );
    expect((await platform.reaches(instanceId, 'FAILURE')).error).toMatchObject({ reason: 'policy', code: 'process.not-found' });
  }, 60_000);

  it('fail when the version they stay with was withdrawn, or there is none to run', async () => {
    await platform.executor();
    const withdrawn = await platform.publish('name: withdrawn\nflow: [{ id: x, uses: log, with: { message: x } }]', 'withdrawn');
    await platform.pool.query(`update definition.process_version set status = 'offline' where id = $1`, [withdrawn]);
    const call = async (version: string) => {
      const caller = await platform.publish(`name: caller\nflow: [{ id: call, type: process, process: withdrawn, version: ${version} }]`);
      const { instanceId } = await platform.start(caller);
      return (await platform.reaches(instanceId, 'FAILURE')).error;
    };
    expect(await call('1')).toMatchObject({ code: 'process-version.offline', message: 'call: Version 1 of default/withdrawn is offline.' });
    expect(await call('latest')).toMatchObject({ code: 'process.not-published' });
    expect(await call('2')).toMatchObject({ code: 'process-version.not-found' });
  }, 60_000);

  it('do not wait when they are told so', async () => {
    await platform.executor();
    const parent = await platform.reaches(await begin('wait: false'), 'SUCCESS');
    const child = await childOf(parent.id);
    expect(child.status).toBe('RUNNING');
    expect(parent.variables).toEqual({ seen: { instanceId: child.id } });
    await worker();
    await platform.reaches(child.id, 'SUCCESS');
  }, 60_000);

  it('stop with their parent, teardown and all, before it ends', async () => {
    await platform.executor();
    const holding = await worker({ run: (task) => (task.node.id === 'work' ? null : {}) });
    const instanceId = await begin();
    const child = await childOf(instanceId);
    await until('the child works', 10_000, () => (holding.held.size === 1 ? true : null));
    await platform.operate(instanceId, { name: 'stop' });
    await until('the task is cancelled', 10_000, () => (holding.cancelled.length > 0 ? true : null));
    expect((await platform.instance(instanceId)).status).toBe('RUNNING');
    const [held] = [...holding.held.values()];
    if (held) await holding.finish(held.task, { status: 'STOP' });
    await platform.reaches(instanceId, 'STOP');
    expect(await platform.instance(child.id)).toMatchObject({ status: 'STOP' });
    expect((await platform.tasks(child.id)).map(({ node_id, status }) => [node_id, status])).toEqual([
      ['work', 'STOP'],
      ['tidy', 'SUCCESS'],
    ]);
  }, 60_000);

  it('stop by force with their parent, which does not wait', async () => {
    await platform.executor();
    const instanceId = await begin();
    const child = await childOf(instanceId);
    await platform.operate(instanceId, { name: 'stop', force: true });
    await platform.reaches(child.id, 'STOP');
    expect(await platform.tasks(child.id)).toMatchObject([{ node_id: 'work', status: 'STOP' }]);
  }, 60_000);

  it('pause and go on with their parent', async () => {
    await platform.executor();
    const instanceId = await begin();
    const child = await childOf(instanceId);
    await platform.operate(instanceId, { name: 'pause' });
    await platform.reaches(child.id, 'PAUSED');
    await platform.operate(instanceId, { name: 'resume' });
    await platform.reaches(child.id, 'RUNNING');
    await worker();
    await platform.reaches(instanceId, 'SUCCESS');
  }, 60_000);

  it('end when they start themselves without an end', async () => {
    await platform.executor();
    const version = await platform.publish('name: endless\nflow: [{ id: again, type: process, process: endless }]', 'endless');
    const { instanceId } = await platform.start(version);
    const { error } = await platform.reaches(instanceId, 'FAILURE');
    expect(error?.reason).toBe('policy');
    const { rows } = await platform.pool.query('select count(*)::int as runs from runtime.process_instance');
    expect(rows).toEqual([{ runs: 17 }]);
  }, 60_000);

  it.each([
    ['a child has to be started', (batch: CommittedBatch) => batch.runs.some(({ run }) => run.childLinks.size > 0)],
    ['the parent has to be told of the end', (batch: CommittedBatch) => ended(batch, false)],
    [
      'a stop has to go down',
      (batch: CommittedBatch) =>
        batch.settlements.some(([item]) => item.kind === 'event' && item.event.kind === 'operation' && item.event.actor === 'tester'),
    ],
  ])(
    'survive an executor that dies when %s',
    async (when, what) => {
      let dead = false;
      const dying = await platform.executor({ survivesCommit: (batch) => !(dead ||= what(batch)), sweepMs: 60_000 });
      const stops = when.includes('stop');
      if (!stops) await worker();
      const instanceId = await begin().catch(() => '');
      if (stops) {
        await childOf(instanceId);
        await platform.operate(instanceId, { name: 'stop' }).catch(() => undefined);
      }
      await until('it dies', 10_000, () => (dead ? true : null));
      const id = instanceId || (await newest());
      await platform.closeExecutor(dying);
      await platform.executor();
      if (stops) {
        const child = await childOf(id);
        await until('the child is told', 20_000, async () => ((await platform.instance(child.id)).phase === 'teardown' ? true : null));
        await worker();
      }
      await platform.reaches(id, stops ? 'STOP' : 'SUCCESS', 30_000);
      expect(await platform.childrenOf(id)).toMatchObject([{ status: stops ? 'STOP' : 'SUCCESS' }]);
    },
    90_000,
  );

  const newest = async () => {
    const { rows } = await platform.pool.query<{ id: string }>(
      'select id from runtime.process_instance where parent_id is null order by id desc limit 1',
    );
    return rows[0]?.id ?? '';
  };

  it('are each started once by two executors, without a deadlock', async () => {
    await platform.executor();
    const other = await platform.executor();
    await worker({ slots: 50 });
    await worker({ slots: 50 });
    const version = await platform.publish(`name: wide
flow:
  - id: all
    type: parallel
    branches:
${['a', 'b', 'c', 'd', 'e'].map((name) => `      ${name}: [{ id: ${name}, type: process, process: child, inputs: { n: 1 } }]`).join('\n')}
`);
    const starts = await Promise.all(
      Array.from({ length: 20 }, (_, number) => platform.start(version, {}, number % 2 ? { executor: other } : {})),
    );
    for (const { instanceId } of starts) await platform.reaches(instanceId, 'SUCCESS', 60_000);
    const { rows } = await platform.pool.query(`select count(*)::int as runs from runtime.process_instance where parent_id is not null`);
    expect(rows).toEqual([{ runs: 100 }]);
    const { rows: deadlocks } = await platform.pool.query(`select deadlocks::int from pg_stat_database where datname = current_database()`);
    expect(deadlocks).toEqual([{ deadlocks: 0 }]);
  }, 120_000);
});
