import { runMigrations } from '@orderlines/persistence';
import { startPostgres, type TestPostgres } from '@orderlines/testing';
import pg from 'pg';
import { batchSessionSettings, type Statement } from './store/batch-session.js';
import { LOAD_INSTANCES, LOCK_INSTANCES, UPDATE_INSTANCES } from './store/instances.sql.js';
import { LOAD_VALUES } from './store/large-values.sql.js';
import { WRITE_LATE_RESULTS } from './store/late-results.sql.js';
import { FIND_OPERATIONS } from './store/operations.sql.js';
import { CLOSE_WAITS, MEET, READ_WAIT_KEYS } from './store/signals.sql.js';
import { LOAD_CHILDREN, LOAD_TASKS, UPDATE_TASKS } from './store/tasks.sql.js';
import { CLEAR_TIMERS } from './store/timers.sql.js';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

const scansOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(scansOf)].filter((node) => / Scan$/.test(node['Node Type']));
const tableScans = (plan: Plan) =>
  scansOf(plan).filter((scan) => scan['Relation Name'] !== undefined && scan['Relation Name'] !== 'parked_event');

describe('statements of a batch on empty tables that were never analysed', () => {
  let postgres: TestPostgres;
  let client: pg.Client;

  beforeAll(async () => {
    postgres = await startPostgres();
    client = new pg.Client(batchSessionSettings(await postgres.createDatabase(runMigrations)));
    await client.connect();
  }, 60_000);

  afterAll(async () => {
    await client.end();
    await postgres.close();
  });

  it.each<[string, Statement]>(
    [
      LOCK_INSTANCES,
      LOAD_INSTANCES,
      UPDATE_INSTANCES,
      LOAD_TASKS,
      LOAD_CHILDREN,
      UPDATE_TASKS,
      CLEAR_TIMERS,
      FIND_OPERATIONS,
      WRITE_LATE_RESULTS,
      LOAD_VALUES,
      READ_WAIT_KEYS,
      CLOSE_WAITS,
    ].map((statement) => [statement.name, statement]),
  )('%s finds rows by their primary key', async (_name, statement) => {
    const used = await indexesOf(statement);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((index) => !/_pkey$/.test(index))).toEqual([]);
  });

  it('meet-signals finds the oldest free signals and open waits in order, without sorting all of them', async () => {
    expect(new Set(await indexesOf(MEET))).toEqual(new Set(['signal_free', 'signal_wait_open', 'signal_pkey', 'signal_wait_pkey']));
  });

  /** The indexes by which a statement finds rows of tables, or how it reads a table without one. */
  const indexesOf = async ({ name, text }: Statement): Promise<string[]> => {
    const parameters = Math.max(...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
    await client.query(`prepare "${name}" as ${text}`);
    const nulls = Array.from({ length: parameters }, () => 'null').join(', ');
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (format json) execute "${name}" (${nulls})`);
    const scans = tableScans(rows[0]?.['QUERY PLAN'][0].Plan as Plan);
    return scans.map((scan) => scan['Index Name'] ?? `${scan['Node Type']} of ${scan['Relation Name'] ?? '?'}`);
  };
});
