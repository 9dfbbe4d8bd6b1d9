import type { ParameterName } from '@orderlines/contracts';
import { createLogger } from '@orderlines/service-host';
import { Retention } from './retention.js';
import { Platform } from './testing/platform.js';

describe('retention', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await Platform.start();
    await platform.executor();
  }, 60_000);
  afterAll(() => platform.close(), 30_000);

  const forget = (kept: Partial<Record<ParameterName, number>>) =>
    new Retention(platform.pool, { get: (name) => (kept[name] ?? 0) as never }, createLogger('test', 'silent')).forget();
  const rowsOf = async (table: string, column: string, id: string) =>
    (await platform.pool.query(`select from runtime.${table} where ${column} = $1`, [id])).rowCount;
  const ended = async (daysAgo: number) => {
    const version = await platform.publish(
      'name: old\nvariables: [{ name: x, type: integer, value: 0 }]\nflow: [{ id: a, type: assign, set: { x: 1 } }]\n',
    );
    const { instanceId } = await platform.start(version, {}, { idempotencyKey: version });
    await platform.reaches(instanceId, 'SUCCESS');
    await platform.pool.query(`update runtime.process_instance set finished_at = now() - make_interval(days => $2) where id = $1`, [
      instanceId,
      daysAgo,
    ]);
    return instanceId;
  };
  const DAY_MS = 86_400_000;

  it('deletes runs with all that is theirs once they ended that long ago, and no others', async () => {
    const [old, young] = [await ended(31), await ended(29)];
    expect(await forget({ run_retention: 30 * DAY_MS })).toBe(1);
    for (const [table, column] of [
      ['process_instance', 'id'],
      ['task_instance', 'process_instance_id'],
      ['history', 'process_instance_id'],
      ['operation', 'process_instance_id'],
    ] as const) {
      expect([table, await rowsOf(table, column, old)]).toEqual([table, 0]);
      expect([table, await rowsOf(table, column, young)]).not.toEqual([table, 0]);
    }
  });

  it('deletes nothing while the parameters say for ever', async () => {
    const old = await ended(400);
    expect(await forget({})).toBe(0);
    expect(await rowsOf('process_instance', 'id', old)).toBe(1);
  });

  it('keeps a child run as long as a run above it goes on', async () => {
    const [child, parent] = [
      await ended(31),
      (await platform.start(await platform.publish('name: on\nflow: [{ id: a, type: delay, for: 1h }]\n'))).instanceId,
    ];
    await platform.pool.query('update runtime.process_instance set ancestors = jsonb_build_array($2::text) where id = $1', [child, parent]);
    await forget({ run_retention: 30 * DAY_MS });
    expect(await rowsOf('process_instance', 'id', child)).toBe(1);
  });
});
