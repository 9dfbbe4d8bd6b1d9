import { runMigrations } from '@orderlines/persistence';
import { startPostgres, type TestPostgres } from '@orderlines/testing';
import pg from 'pg';
import { batchSessionSettings, type Statement } from './store/batch-session.js';
import { READ_SLOT_RUNS, READ_WAITED_FOR_KEYS } from './store/slots.sql.js';

const LENGTHS = [10, 10_000] as const;
/** The first of each policy that are read, and one that holds a slot. */
const MOST_ROWS = 51;

interface Plan {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

describe('the queue of a concurrency key', () => {
  let postgres: TestPostgres;
  let client: pg.Client;

  beforeAll(async () => {
    postgres = await startPostgres();
    client = new pg.Client(batchSessionSettings(await postgres.createDatabase(runMigrations)));
    await client.connect();
    for (const length of LENGTHS) await fill(`key-${length}`, length);
  }, 120_000);

  afterAll(async () => {
    await client.end();
    await postgres.close();
  });

  /** One run that goes on, and others that wait behind it. */
  const fill = async (key: string, waiting: number): Promise<void> => {
    await client.query('set session_replication_role = replica');
    await client.query(
      `insert into runtime.process_instance (id, namespace, process_id, process_version_id, process_name, process_version, number, started_by, origin,
          logical_time, params, variables, state, status, phase, slot_key, slot_limit, slot_policy)
        select gen_random_uuid(), 'default', gen_random_uuid(), gen_random_uuid(), 'p', 1, n, 'test', 'manual', now(), '{}', '{}', '{}',
          case n when 0 then 'RUNNING' else 'PENDING' end, case n when 0 then 'body' else 'queued' end, $1, 1, 'queue'
        from generate_series(0, $2::int) n`,
      [key, waiting],
    );
  };

  const costOf = async ({ text }: Statement, values: readonly unknown[]): Promise<{ rows: number; pages: number }> => {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (analyze, buffers, format json) ${text}`, [...values]);
    const plan = rows[0]?.['QUERY PLAN'][0].Plan as Plan;
    return { rows: plan['Actual Rows'], pages: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'] };
  };

  it('is read from its front: who is next costs the same however many wait', async () => {
    const [short, long] = await Promise.all(LENGTHS.map((length) => costOf(READ_SLOT_RUNS, [['default'], [`key-${length}`], 50])));
    expect(short?.rows).toBe(11);
    expect(long?.rows).toBe(MOST_ROWS);
    // One page a row at most, its index, and what is asked about events that were put aside.
    expect(long?.pages).toBeLessThan(10 * MOST_ROWS);
  });

  it('is passed over in one step when keys are looked for that somebody waits for', async () => {
    const { rows, pages } = await costOf(READ_WAITED_FOR_KEYS, []);
    expect(rows).toBe(LENGTHS.length);
    expect(pages).toBeLessThan(100);
  });
});
