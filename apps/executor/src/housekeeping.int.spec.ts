import { createPool, runMigrations } from '@orderlines/persistence';
import { createLogger } from '@orderlines/service-host';
import { startPostgres, type TestPostgres } from '@orderlines/testing';
import type { Pool } from 'pg';
import { Housekeeping } from './housekeeping.js';

describe('housekeeping', () => {
  let postgres: TestPostgres;
  let pool: Pool;
  beforeAll(async () => {
    postgres = await startPostgres();
    pool = createPool(await postgres.createDatabase(runMigrations), { name: 'test', max: 2 });
  });
  afterAll(async () => {
    await pool.end();
    await postgres.close();
  });

  const keepHouse = () => new Housekeeping(pool, createLogger('test', 'silent')).keepHouse();

  it('makes the partitions of the months to come', async () => {
    const newest = async () =>
      (await pool.query<{ name: string }>(`select max(relname) as name from pg_class where relname ~ '^task_instance_[0-9]{6}$'`)).rows[0]
        ?.name;
    const before = await newest();
    await pool.query(`drop table runtime.${before}`);
    expect(await newest()).not.toBe(before);
    await keepHouse();
    expect(await newest()).toBe(before);
  });

  it('forgets answers of operations after a week', async () => {
    const insert = `insert into runtime.operation (key, request_hash, answer, created_at) values ($1, '', '{}', now() - $2::interval)`;
    await pool.query(insert, ['old', '8 days']);
    await pool.query(insert, ['young', '6 days']);
    await keepHouse();
    expect((await pool.query('select key from runtime.operation')).rows).toEqual([{ key: 'young' }]);
  });
});
