import { readFile, writeFile } from 'node:fs/promises';
import { startPostgres, type TestPostgres } from '@orderlines/testing';
import pg from 'pg';
import { createDataSource, runMigrations } from '../index.js';
import { MIGRATIONS } from './index.js';
import { describeSchema } from '../schema-description.js';

const SCHEMA_FILE = new URL('../../schema.sql', import.meta.url);

describe('migrations', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.close());

  const connected = async <T>(url: string, use: (client: pg.Client) => Promise<T>) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  };

  // After a new migration: UPDATE_SCHEMA=1 npm test -- persistence
  it('make exactly the schema that libs/persistence/schema.sql shows', async () => {
    const url = await postgres.createDatabase(runMigrations);
    const found = await connected(url, describeSchema);
    if (process.env['UPDATE_SCHEMA']) await writeFile(SCHEMA_FILE, found);
    expect(found).toBe(await readFile(SCHEMA_FILE, 'utf8'));
  });

  it('are applied once, also when several processes ask at the same time', async () => {
    const url = await postgres.createDatabase();
    const applied = await Promise.all([runMigrations(url), runMigrations(url), runMigrations(url)]);
    expect(applied.flat()).toEqual(MIGRATIONS.map(({ name }) => name));
    expect(await runMigrations(url)).toEqual([]);
  });

  it('leave nothing that TypeORM would change: the entities name every column with its type', async () => {
    const source = createDataSource(await postgres.createDatabase(runMigrations));
    await source.initialize();
    const { rows } = await connected(source.options.type === 'postgres' ? String(source.options.url) : '', (client) =>
      client.query<{ path: string; type: string; nullable: boolean }>(COLUMNS, [source.entityMetadatas.map((entity) => entity.tablePath)]),
    );
    const inDatabase = rows.map(({ path, type, nullable }) => `${path} ${type}${nullable ? ' null' : ''}`);
    const inEntities = source.entityMetadatas.flatMap((entity) =>
      entity.columns.map(
        (column) => `${entity.tablePath}.${column.databaseName} ${String(column.type)}${column.isNullable ? ' null' : ''}`,
      ),
    );
    await source.destroy();
    expect(inEntities.sort()).toEqual(inDatabase.sort());
  });

  it('can make months of partitions ahead, over and over', async () => {
    const url = await postgres.createDatabase(runMigrations);
    const count = () =>
      connected(url, async (client) => {
        const { rows } = await client.query<{ count: number }>(
          `select count(*)::int as count from pg_inherits where inhparent = 'runtime.history'::regclass`,
        );
        return rows[0]?.count;
      });
    expect(await count()).toBe(6);
    for (const months of [5, 5]) await connected(url, (client) => client.query('select runtime.ensure_partitions($1)', [months]));
    expect(await count()).toBe(8);
  });

  it('leave a month in the default partition when its rows lie there, and make the others', async () => {
    const url = await postgres.createDatabase(runMigrations);
    await connected(url, async (client) => {
      await client.query(`insert into runtime.history (process_instance_id, seq, at, facts)
        values (runtime.uuid_v7_floor(date_trunc('month', now()) + interval '4 months 3 days'), 1, now(), '[]')`);
      await client.query('select runtime.ensure_partitions(5)');
      const { rows } = await client.query<{ count: number }>(
        `select count(*)::int as count from pg_inherits where inhparent = 'runtime.history'::regclass`,
      );
      expect(rows[0]?.count).toBe(7);
    });
  });

  it('put a run of this month into its month, and one of any other time into the default partition', async () => {
    const url = await postgres.createDatabase(runMigrations);
    const partitionOf = (moment: string) =>
      connected(url, async (client) => {
        const { rows } = await client.query<{ name: string }>(
          `insert into runtime.history (process_instance_id, seq, at, facts) values (runtime.uuid_v7_floor($1), 1, now(), '[]')
           returning tableoid::regclass::text as name`,
          [moment],
        );
        return rows[0]?.name;
      });
    const now = new Date();
    const month = now.toISOString().slice(0, 7).replace('-', '');
    expect(await partitionOf(now.toISOString())).toBe(`runtime.history_${month}`);
    expect(await partitionOf('2001-02-03T00:00:00Z')).toBe('runtime.history_default');
  });
});

const COLUMNS = `
select n.nspname || '.' || c.relname || '.' || a.attname as path, not a.attnotnull as nullable,
  case when a.atttypid = 'timestamptz'::regtype then 'timestamptz' when a.atttypid = 'int4'::regtype then 'int'
       else format_type(a.atttypid, a.atttypmod) end as type
from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname || '.' || c.relname = any ($1)`;
