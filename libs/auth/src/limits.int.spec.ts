import type { PermissionRule, SubjectObject } from '@orderlines/contracts';
import { createPool, listProcesses } from '@orderlines/persistence';
import { createDataSource, runMigrations } from '@orderlines/persistence';
import { startPostgres, type TestPostgres } from '@orderlines/testing';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { Rights } from './rights.js';

const NAMESPACES = ['shop', 'bank', 'web'];
const NAMES = ['build', 'ship'];
const PEOPLE = ['ann', 'bob'];
const TEAMS = ['red', 'blue', undefined];

const test = (values: readonly string[]) => {
  const value = fc.constantFrom(...values);
  const some = fc.uniqueArray(value, { minLength: 1 });
  return fc.oneof(
    value,
    value.map(($eq) => ({ $eq })),
    value.map(($ne) => ({ $ne })),
    some.map(($in) => ({ $in })),
    some.map(($nin) => ({ $nin })),
  );
};
const conditions = fc.record(
  { namespace: test(NAMESPACES), name: test(NAMES), owner: test([...PEOPLE, '$me']), 'labels.team': test(['red', 'blue']) },
  { requiredKeys: [] },
);
const rule: fc.Arbitrary<PermissionRule> = fc
  .record({
    action: fc.constantFrom('read', 'manage', 'start'),
    subject: fc.constantFrom('Process', 'all', 'Instance'),
    conditions: fc.option(conditions, { nil: undefined }),
    inverted: fc.boolean(),
  })
  .map(({ conditions: tests, ...rest }) => ({ ...rest, ...(tests && { conditions: tests }) }) as PermissionRule);

describe('lists keep to rights', () => {
  let postgres: TestPostgres;
  let pool: Pool;
  const things: (Required<Omit<SubjectObject, 'labels'>> & { id: string; labels: Record<string, string> })[] = [];

  beforeAll(async () => {
    postgres = await startPostgres();
    const url = await postgres.createDatabase(runMigrations);
    const source = await createDataSource(url, 'test').initialize();
    for (const namespace of NAMESPACES)
      for (const name of NAMES)
        for (const owner of PEOPLE)
          for (const team of TEAMS) {
            const labels: Record<string, string> = team === undefined ? {} : { team };
            const [row] = await source.manager.query<{ id: string }[]>(
              `insert into definition.process (id, namespace, name, labels, created_by, updated_by)
                values (gen_random_uuid(), $1, $2, $3, $4, $4) returning id`,
              [namespace, `${name}-${owner}-${team}`, labels, owner],
            );
            things.push({ id: row?.id ?? '', namespace, name: `${name}-${owner}-${team}`, owner, labels });
          }
    await source.destroy();
    pool = createPool(url, { name: 'test' });
  });
  afterAll(async () => {
    await pool?.end();
    await postgres?.close();
  });

  it('a list shows exactly the things that one may read each by itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rule, { maxLength: 5 }), async (rules) => {
        const rights = Rights.of(rules, 'ann');
        const { items } = await listProcesses(pool, { limits: rights.limits('read', 'Process') }, { limit: 200 });
        const may = things.filter((thing) => rights.may('read', 'Process', thing)).map(({ id }) => id);
        expect(items.map(({ id }) => id).toSorted()).toEqual(may.toSorted());
      }),
      { numRuns: 400 },
    );
  });
});
