import { runMigrations } from '@orderlines/persistence';
import { startPostgres, type TestPostgres } from '@orderlines/testing';
import pg from 'pg';
import { GIVEN_UP, WAITING } from './dispatch/unfollowed-links.js';
import { batchSessionSettings, type Statement } from './store/batch-session.js';
import { LOAD_INSTANCES, LOCK_INSTANCES, UPDATE_INSTANCES } from './store/instances.sql.js';
import { LOAD_VALUES } from './store/large-values.sql.js';
import { WRITE_LATE_RESULTS } from './store/late-results.sql.js';
import { FIND_OPERATIONS } from './store/operations.sql.js';
import { READ_JUDGED_RUNS, READ_SLOT_RUNS, READ_WAITED_FOR_KEYS } from './store/slots.sql.js';
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

/** Indexes of runs under a key as every month of the partitioned table names its own. */
const HOLDER = 'process_instance_namespace_slot_key_id_idx';
const QUEUED = 'process_instance_namespace_slot_key_slot_policy_id_idx';
const ofAnyMonth = (index: string): string => index.replace(/_(\d{6}|default)_/, '_').replace(/\d+$/, '');

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

  it('read-slot-runs finds who holds a slot and the first of those that wait, in order, by their keys', async () => {
    const used = (await indexesOf(READ_SLOT_RUNS)).map(ofAnyMonth);
    expect(new Set(used)).toEqual(new Set([HOLDER, QUEUED]));
    expect(new Set((await indexesOf(READ_WAITED_FOR_KEYS)).map(ofAnyMonth))).toEqual(new Set([QUEUED]));
    expect((await indexesOf(READ_JUDGED_RUNS)).filter((index) => !/_pkey$/.test(index))).toEqual([]);
  });

  it.each([WAITING, GIVEN_UP].map((statement) => [statement.name, statement] as const))(
    '%s, which the sweeper asks over and over, reads no table from end to end',
    async (_name, statement) => {
      expect((await indexesOf(statement)).filter((index) => /^Seq Scan/.test(index))).toEqual([]);
    },
  );

  it('meet-signals finds the oldest free signals and open waits in order, without sorting all of them', async () => {
    expect(new Set(await indexesOf(MEET))).toEqual(new Set(['signal_free', 'signal_wait_open', 'signal_pkey', 'signal_wait_pkey']));
  });

  /** The indexes by which a statement finds rows of tables, or how it reads a table without one. */
  const indexesOf = async ({ name, text }: Statement): Promise<string[]> => {
    const parameters = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
    await client.query(`prepare "${name}" as ${text}`);
    const nulls = Array.from({ length: parameters }, () => 'null').join(', ');
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `explain (format json) execute "${name}" ${parameters > 0 ? `(${nulls})` : ''}`,
    );
    const scans = tableScans(rows[0]?.['QUERY PLAN'][0].Plan as Plan);
    return scans.map((scan) => scan['Index Name'] ?? `${scan['Node Type']} of ${scan['Relation Name'] ?? '?'}`);
  };
});
