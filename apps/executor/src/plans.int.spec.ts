import { runMigrations } from '@orderlines/persistence';
import { startPostgres, type TestPostgres } from '@orderlines/testing';
import pg from 'pg';
import { batchSessionSettings, type Statement } from './store/batch-session.js';
import { LOAD_INSTANCES, LOCK_INSTANCES, UPDATE_INSTANCES } from './store/instances.sql.js';
import { LOAD_VALUES } from './store/large-values.sql.js';
import { WRITE_LATE_RESULTS } from './store/late-results.sql.js';
import { FIND_OPERATIONS } from './store/operations.sql.js';
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
    ].map((statement) => [statement.name, statement]),
  )('%s finds rows by their primary key', async (name, { text }) => {
    const parameters = Math.max(...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
    await client.query(`prepare "${name}" as ${text}`);
    const nulls = Array.from({ length: parameters }, () => 'null').join(', ');
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (format json) execute "${name}" (${nulls})`);
    const scans = tableScans(rows[0]?.['QUERY PLAN'][0].Plan as Plan);
    expect(scans.length).toBeGreaterThan(0);
    expect(
      scans
        .map((scan) => scan['Index Name'] ?? `${scan['Node Type']} of ${scan['Relation Name'] ?? '?'}`)
        .filter((used) => !/_pkey$/.test(used)),
    ).toEqual([]);
  });
});
