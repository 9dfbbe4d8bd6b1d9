import { PARAMETER_NAMES } from '@orderlines/contracts';
import { createLogger } from '@orderlines/service-host';
import type { Pool } from 'pg';
import { createPool } from '../pool.js';
import { startDataSource } from '../testing/migrated-data-source.js';
import { resetParameter, setParameter } from './parameter-store.js';
import { Parameters } from './parameters.js';

describe('system parameters', () => {
  let database: Awaited<ReturnType<typeof startDataSource>>;
  let pool: Pool;
  let parameters: Parameters;

  beforeAll(async () => {
    database = await startDataSource();
    pool = createPool(database.url, { name: 'test' });
    parameters = new Parameters(pool, createLogger('test', 'silent'));
    await parameters.start();
  });
  afterAll(async () => {
    await parameters.stop();
    await pool.end();
    await database.close();
  });

  it('all have a value before anybody has changed one', () => {
    expect(PARAMETER_NAMES.filter((name) => parameters.get(name) === undefined)).toEqual([]);
    expect(parameters.get('task_timeout')).toBe(3_600_000);
  });

  it('are told to services that run when they are changed, and when they have their defaults again', async () => {
    const told = () => new Promise<number>((resolve) => parameters.onChange(({ task_timeout }) => resolve(task_timeout)));
    const changed = told();
    await setParameter(database.source.manager, 'task_timeout', '90s', 'ada');
    await expect(changed).resolves.toBe(90_000);
    const again = told();
    await resetParameter(database.source.manager, 'task_timeout', 'ada');
    await expect(again).resolves.toBe(3_600_000);
  });

  it('are changed with a record of who changed what', async () => {
    await setParameter(database.source.manager, 'retry_time', 7, 'ada');
    const { rows } = await pool.query(`select action, before, after from system.audit_record where subject_id = 'retry_time'`);
    expect(rows).toEqual([{ action: 'update', before: { value: 3 }, after: { value: 7 } }]);
  });

  it.each([
    ['task_timeout', 'soon'],
    ['task_timeout', '0s'],
    ['task_timeout', 5],
    ['retry_time', 1.5],
    ['stop_all_schedule', 'yes'],
    ['task_strategy', 'GUESS'],
    ['retry_time', null],
  ] as const)('refuse what they cannot be: %s = %p', async (name, value) => {
    await expect(setParameter(database.source.manager, name, value, 'ada')).rejects.toMatchObject({
      code: 'parameter.invalid',
      status: 422,
    });
  });

  it('keep their defaults where a row cannot be read', async () => {
    await pool.query(`insert into system.parameter (name, value) values ('grace', '"for ever"'), ('of_a_later_release', '1')`);
    await parameters.look();
    expect(parameters.get('grace')).toBe(10_000);
  });
});
