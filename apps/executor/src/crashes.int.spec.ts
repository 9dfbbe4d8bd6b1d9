import { connectNats, EVENTS } from '@orderlines/messaging';
import { jetstreamManager } from '@nats-io/jetstream';
import type { CommittedBatch } from './instance/instance-runner.js';
import type { RunningExecutor } from './start-executor.js';
import { Platform, until } from './testing/platform.js';
import { ScriptedWorker, type WorkerScript } from './testing/scripted-worker.js';

const TWO = 'name: two\nflow:\n  - { id: first, uses: log, with: { message: x } }\n  - { id: second, uses: log, with: { message: x } }\n';

/** Dies at the first commit that holds what the test waits for: committed, and nothing after it done. */
const dyingAt = (what: (batch: CommittedBatch) => boolean) => {
  let dead = false;
  return { survivesCommit: (batch: CommittedBatch) => !(dead ||= what(batch)), isDead: () => (dead ? true : null) };
};
const holds = (kind: string) => (batch: CommittedBatch) =>
  batch.settlements.some(([item]) => item.kind === kind || (item.kind === 'event' && item.event.kind === kind));

describe('an executor that dies between a commit and everything after it', () => {
  let platform: Platform;
  let version: string;
  const workers: ScriptedWorker[] = [];

  const worker = async (script: WorkerScript) => {
    const started = await ScriptedWorker.start(platform.nats.url, script);
    workers.push(started);
    return started;
  };
  const newestInstance = () =>
    until('the run is stored', 10_000, async () => {
      const { rows } = await platform.pool.query<{ id: string }>('select id from runtime.process_instance order by id desc limit 1');
      return rows[0]?.id ?? null;
    });

  beforeEach(async () => {
    platform = await Platform.start();
    version = await platform.publish(TWO);
  }, 60_000);

  afterEach(async () => {
    for (const started of workers.splice(0)) await started.close();
    await platform.close();
  }, 30_000);

  it('leaves a new run to its successor, which publishes the first task; the caller asks again and gets the same run', async () => {
    const death = dyingAt(holds('start'));
    const dying = await platform.executor({ survivesCommit: death.survivesCommit, sweepMs: 60_000 });
    const unanswered = platform.start(version, {}, { idempotencyKey: 'once' }).catch(() => 'no answer');
    await until('it dies', 10_000, death.isDead);
    const instanceId = await newestInstance();
    await platform.closeExecutor(dying);
    await expect(unanswered).resolves.toBe('no answer');
    await platform.executor();
    expect(await platform.start(version, {}, { idempotencyKey: 'once' })).toMatchObject({ instanceId, repeated: true });
    await worker({});
    await platform.reaches(instanceId, 'SUCCESS');
  }, 60_000);

  it('leaves a claim to its successor, which gives the same session the same token', async () => {
    const death = dyingAt(holds('claim'));
    const dying = await platform.executor({ survivesCommit: death.survivesCommit, sweepMs: 60_000 });
    const { instanceId } = await platform.start(version);
    const patient = await worker({});
    await until('it dies', 10_000, death.isDead);
    await platform.closeExecutor(dying);
    await platform.executor();
    await platform.reaches(instanceId, 'SUCCESS', 40_000);
    expect(patient.granted).toHaveLength(2);
    expect((await platform.tasks(instanceId)).map(({ dispatch }) => dispatch)).toEqual([1, 1]);
  }, 60_000);

  it('leaves the next task to its successor, and the result it had not acknowledged changes nothing', async () => {
    const death = dyingAt(holds('finished'));
    const dying = await platform.executor({ survivesCommit: death.survivesCommit, sweepMs: 60_000 });
    const { instanceId } = await platform.start(version);
    await worker({});
    await until('it dies', 10_000, death.isDead);
    await platform.closeExecutor(dying);
    await platform.executor();
    await platform.reaches(instanceId, 'SUCCESS', 30_000);
    expect((await platform.tasks(instanceId)).map(({ attempt, dispatch }) => [attempt, dispatch])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  }, 60_000);

  it('leaves a cancel to its successor, which repeats it until the worker answers', async () => {
    const death = dyingAt(holds('operation'));
    const dying = await platform.executor({ survivesCommit: death.survivesCommit, sweepMs: 60_000 });
    const holder = await worker({ run: () => null });
    const { instanceId } = await platform.start(version);
    const { task } = await until('the worker holds the task', 10_000, () => [...holder.held.values()][0] ?? null);
    const unanswered = platform.operate(instanceId, { name: 'stop' }).catch(() => 'no answer');
    await until('it dies', 10_000, death.isDead);
    await platform.closeExecutor(dying);
    await unanswered;
    expect(holder.cancelled).toEqual([]);
    await platform.executor();
    await until('the worker is told', 10_000, () => (holder.cancelled.includes(task.taskInstanceId) ? true : null));
    await holder.finish(task, { status: 'STOP' });
    await platform.reaches(instanceId, 'STOP');
  }, 60_000);

  it('leaves a retry to its successor', async () => {
    const death = dyingAt(holds('timer'));
    const flaky = await platform.publish(
      'name: flaky\nflow:\n  - { id: a, uses: log, with: { message: x }, retry: { limit: 2, delay: 200ms } }\n',
    );
    const dying = await platform.executor({ survivesCommit: death.survivesCommit, sweepMs: 60_000 });
    let failed = false;
    await worker({
      run: () => {
        if (failed) return {};
        failed = true;
        throw new Error('the first time');
      },
    });
    const { instanceId } = await platform.start(flaky);
    await until('it dies', 10_000, death.isDead);
    await platform.closeExecutor(dying);
    await platform.executor();
    await platform.reaches(instanceId, 'SUCCESS');
  }, 60_000);

  /** Makes what happened until now the past of an executor that a SIGKILL ended more than a minute ago. */
  const diedWhile = async (dying: RunningExecutor) => {
    const { rows } = await platform.pool.query<{ id: string }>(`select id from system.service_node where role = 'executor'`);
    await platform.closeExecutor(dying);
    await platform.pool.query(
      `insert into system.service_node (id, role, address, version, started_at, seen_at)
        values ($1, 'executor', null, 'x', now(), now() - interval '75 seconds')`,
      [rows[0]?.id],
    );
    await platform.pool.query(`update runtime.history set at = at - interval '70 seconds'`);
    await platform.pool.query(`update runtime.process_instance set finished_at = finished_at - interval '70 seconds'`);
  };
  const isAnnounced = async (fact: string, instanceId: string) => {
    const nats = await connectNats(platform.nats.url, { name: 'test' });
    try {
      const { streams } = await jetstreamManager(nats);
      await until(`"${fact}" is announced`, 10_000, async () => {
        const { state } = await streams.info(EVENTS.name, { subjects_filter: EVENTS.subject('instance', fact, instanceId) });
        return Object.keys(state.subjects ?? {}).length === 1 ? true : null;
      });
    } finally {
      await nats.close();
    }
  };

  it('leaves the facts of its runs to its successor', async () => {
    const death = dyingAt((batch) => batch.runs.some(({ run }) => run.run?.status === 'SUCCESS'));
    const dying = await platform.executor({ survivesCommit: death.survivesCommit, sweepMs: 60_000 });
    await worker({});
    const { instanceId } = await platform.start(version);
    await until('it dies', 10_000, death.isDead);
    await platform.reaches(instanceId, 'SUCCESS');
    await diedWhile(dying);
    await platform.executor();
    await isAnnounced('succeeded', instanceId);
  }, 60_000);

  it('leaves the pause of a run that neither began nor ended when it died to its successor', async () => {
    const death = dyingAt((batch) => batch.runs.some(({ run }) => run.run?.status === 'PAUSED'));
    const dying = await platform.executor({ survivesCommit: death.survivesCommit, sweepMs: 60_000 });
    const { instanceId } = await platform.start(version);
    // Nobody is answered: what the caller hears is not what is looked at.
    void platform.operate(instanceId, { name: 'pause' }).catch(() => undefined);
    await until('it dies', 10_000, death.isDead);
    await diedWhile(dying);
    await platform.executor();
    await isAnnounced('paused', instanceId);
  }, 60_000);

  it('announces by itself what NATS did not take, when NATS is back', async () => {
    await platform.executor();
    const { instanceId } = await platform.start(version);
    await platform.nats.kill();
    void platform.operate(instanceId, { name: 'stop' }).catch(() => undefined);
    await platform.reaches(instanceId, 'STOP', 20_000);
    await platform.nats.restart();
    await isAnnounced('stopped', instanceId);
  }, 60_000);

  it('leaves the facts of a long outage of NATS to its successor', async () => {
    const dying = await platform.executor();
    const { instanceId } = await platform.start(version);
    await platform.nats.kill();
    void platform.operate(instanceId, { name: 'stop' }).catch(() => undefined);
    await platform.reaches(instanceId, 'STOP', 20_000);
    const missing = () => platform.pool.query(`select from system.service_node where unannounced_since is not null`);
    await until('its row tells that facts are missing', 20_000, async () => ((await missing()).rowCount ? true : null));
    await platform.closeExecutor(dying);
    // The outage began ten minutes ago.
    for (const [table, column] of [
      ['runtime.history', 'at'],
      ['runtime.process_instance', 'finished_at'],
      ['system.service_node', 'unannounced_since'],
    ]) {
      await platform.pool.query(`update ${table} set ${column} = ${column} - interval '10 minutes'`);
    }
    await platform.nats.restart();
    await platform.executor();
    await isAnnounced('stopped', instanceId);
    await until('nothing is missing', 10_000, async () => ((await missing()).rowCount ? null : true));
  }, 90_000);
});

describe('an outage', () => {
  let platform: Platform;
  let worker: ScriptedWorker;

  beforeEach(async () => {
    platform = await Platform.start();
  }, 60_000);

  afterEach(async () => {
    await worker.close();
    await platform.close();
  }, 30_000);

  it('that wipes NATS costs no run: streams are made again and everything is dispatched again', async () => {
    await platform.executor();
    const version = await platform.publish(TWO);
    const runs = await Promise.all(Array.from({ length: 20 }, () => platform.start(version)));
    await platform.nats.wipe();
    worker = await ScriptedWorker.start(platform.nats.url);
    for (const { instanceId } of runs) await platform.reaches(instanceId, 'SUCCESS', 40_000);
  }, 90_000);

  it('of NATS while runs are under way costs none: results are said again', async () => {
    await platform.executor();
    worker = await ScriptedWorker.start(platform.nats.url, { run: () => new Promise((resolve) => setTimeout(() => resolve({}), 20)) });
    const version = await platform.publish(TWO);
    const runs = await Promise.all(Array.from({ length: 50 }, () => platform.start(version)));
    await platform.nats.restart();
    const repeating = setInterval(() => void worker.repeat(), 500);
    try {
      for (const { instanceId } of runs) await platform.reaches(instanceId, 'SUCCESS', 60_000);
    } finally {
      clearInterval(repeating);
    }
  }, 120_000);

  it('that deletes the streams alone is mended', async () => {
    await platform.executor();
    const nats = await connectNats(platform.nats.url, { name: 'test' });
    const { streams } = await jetstreamManager(nats);
    for (const name of ['TASKS', 'RUNS']) await streams.delete(name);
    // The executor makes them again, when nats-server is done with the old ones.
    await until('the streams are back', 30_000, async () => {
      const there = await Promise.all(['TASKS', 'RUNS'].map((name) => streams.info(name).catch(() => null)));
      return there.every((info) => info !== null) || null;
    });
    await nats.close();
    worker = await ScriptedWorker.start(platform.nats.url);
    const { instanceId } = await platform.start(await platform.publish(TWO));
    // nats-server 2.9 may leave a pull that waits on a durable just made unanswered until its 15 s are over.
    await platform.reaches(instanceId, 'SUCCESS', 50_000);
  }, 90_000);
});
