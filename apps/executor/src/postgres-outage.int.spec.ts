import { startOwnPostgres, type OwnTestPostgres } from '@orderlines/testing';
import { runMigrations } from '@orderlines/persistence';
import { Platform, until } from './testing/platform.js';
import { ScriptedWorker } from './testing/scripted-worker.js';

const TWO = 'name: two\nflow:\n  - { id: first, uses: log, with: { message: x } }\n  - { id: second, uses: log, with: { message: x } }\n';

describe('Postgres going away in the middle', () => {
  let postgres: OwnTestPostgres;
  let platform: Platform;
  let worker: ScriptedWorker;

  beforeAll(async () => {
    postgres = await startOwnPostgres();
    platform = await Platform.start(await postgres.createDatabase(runMigrations));
    await platform.executor();
    worker = await ScriptedWorker.start(platform.nats.url, { run: () => new Promise((resolve) => setTimeout(() => resolve({}), 30)) });
  }, 60_000);

  afterAll(async () => {
    await worker.close();
    await platform.close();
    await postgres.close();
  }, 30_000);

  it('loses no accepted start; callers wait for it or are told, and nothing is parked', async () => {
    const version = await platform.publish(TWO);
    const accepted: string[] = [];
    let ended = false;
    const starting = (async () => {
      for (let number = 0; !ended; number++) {
        const idempotencyKey = `start-${number}`;
        const answer = await platform.start(version, {}, { idempotencyKey }).catch(() => null);
        if (answer !== null) accepted.push(answer.instanceId);
      }
    })();
    await until('some runs', 20_000, () => (accepted.length > 30 ? true : null));
    await postgres.kill();
    await postgres.restart();
    const before = accepted.length;
    await until('starts are accepted again', 30_000, () => (accepted.length > before + 30 ? true : null));
    ended = true;
    await starting;
    const repeating = setInterval(() => void worker.repeat(), 500);
    try {
      for (const id of accepted)
        await until(`run ${id}`, 30_000, async () => ((await platform.instance(id).catch(() => null))?.status === 'SUCCESS' ? true : null));
    } finally {
      clearInterval(repeating);
    }
    const { rows } = await platform.pool.query(
      `select (select count(*)::int from runtime.parked_event) as parked,
        (select count(*)::int from runtime.process_instance where status not in ('SUCCESS')) as unfinished`,
    );
    expect(rows).toEqual([{ parked: 0, unfinished: 0 }]);
  }, 120_000);
});
