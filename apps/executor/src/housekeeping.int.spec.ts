import { createPool, runMigrations } from '@orderlines/persistence';
import { createLogger } from '@orderlines/service-host';
import { startPostgres, type TestPostgres } from '@orderlines/testing';
import type { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
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

  it('forgets large values of ended runs that nothing names, and keeps the others', async () => {
    const digest = (fill: string) => fill.repeat(64);
    const run = async (finishedAt: string) => {
      const id = uuidV7();
      await pool.query(
        `insert into runtime.process_instance (id, namespace, process_id, process_version_id, process_name, process_version, number, status,
           phase, started_by, origin, logical_time, params, variables, outputs, state, finished_at)
         select $1, 'default', process_id, id, 'p', 1, 1, 'SUCCESS', 'done', 'a', 'cli', now(), '{}', '{}', $2, '{}', now() - $3::interval
           from definition.process_version limit 1`,
        [id, JSON.stringify({ all: { $ref: `sha256:${digest('a')}`, bytes: 1 } }), finishedAt],
      );
      await pool.query(
        `insert into runtime.task_instance (process_instance_id, id, node_id, kind, type, path, scope, visit, status, attempt, dispatch, result, late_result)
         values ($1, $1, 'n', 'node', 'task', 'n', 0, 1, 'SUCCESS', 1, 1, $2, $3)`,
        [
          id,
          JSON.stringify({ file: { $file: { name: 'f', bytes: 1, sha256: digest('b') } } }),
          JSON.stringify({ result: `sha256:${digest('c')}` }),
        ],
      );
      for (const fill of ['a', 'b', 'c', 'd']) {
        await pool.query(
          `insert into runtime.large_value (process_instance_id, sha256, chunk, data) values ($1, decode($2, 'hex'), 0, 'x')`,
          [id, digest(fill)],
        );
      }
      return id;
    };
    await pool.query(
      `with p as (insert into definition.process (id, namespace, name, created_by, updated_by) values (gen_random_uuid(), 'default', 'p', 'a', 'a') returning id)
       insert into definition.process_version (id, process_id, number, document, source, source_format, digest, created_by)
       select gen_random_uuid(), id, 1, '{}', '', 'yaml', '', 'a' from p`,
    );
    const [old, young] = [await run('2 hours'), await run('1 minute')];
    await keepHouse();
    const left = async (id: string) =>
      (
        await pool.query<{ fill: string }>(
          `select left(encode(sha256, 'hex'), 1) as fill from runtime.large_value where process_instance_id = $1 order by 1`,
          [id],
        )
      ).rows.map(({ fill }) => fill);
    expect(await left(old)).toEqual(['a', 'b', 'c']);
    expect(await left(young)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('forgets answers of operations after a week', async () => {
    const insert = `insert into runtime.operation (key, request_hash, answer, created_at) values ($1, '', '{}', now() - $2::interval)`;
    await pool.query(insert, ['old', '8 days']);
    await pool.query(insert, ['young', '6 days']);
    await keepHouse();
    expect((await pool.query('select key from runtime.operation')).rows).toEqual([{ key: 'young' }]);
  });
});
