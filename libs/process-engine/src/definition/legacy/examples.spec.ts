import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Json } from '@orderlines/contracts';
import type { TaskInstanceRow } from '../../run/changes.js';
import { readDefinition } from '../read-definition.js';
import type { ProcessDocument } from '../document.js';
import { runToEnd } from './testing/run.js';

const FOLDER = join(import.meta.dirname, '../../../../../examples/legacy');

const read = (file: string) => readDefinition(readFileSync(join(FOLDER, file), 'utf8'));
const documentOf = (file: string): ProcessDocument => {
  const { document, problems } = read(file);
  if (document === undefined) throw new Error(JSON.stringify(problems));
  return document;
};
const inputs = (rows: readonly TaskInstanceRow[], nodeId: string): Json[] =>
  rows.filter((row) => row.nodeId === nodeId).map((row) => row.input);

it('docs/legacy-format.md shows what its example becomes', () => {
  const page = readFileSync(join(FOLDER, '../../docs/legacy-format.md'), 'utf8');
  const [older = '', today = ''] = [...page.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, block]) => block);
  expect(readDefinition(older).document).toEqual(readDefinition(today).document);
});

describe('examples of the older format', () => {
  it.each(readdirSync(FOLDER))('%s is imported without a problem and can run', (file) => {
    const { compiled, problems, converted } = read(file);
    expect(problems).toEqual([]);
    expect(compiled).toBeDefined();
    expect(converted).not.toEqual([]);
  });

  it('counts to five in loop.yaml, each time with the new value of the variable', () => {
    const run = runToEnd(documentOf('loop.yaml'));
    expect(run.status).toBe('SUCCESS');
    expect(inputs(run.rows, 'add')).toEqual([0, 1, 2, 3, 4].map((a) => ({ operation: 'add', a, b: 1 })));
    expect(run.rows.filter((row) => row.nodeId === 'enough')).toHaveLength(5);
    expect(run.run.variables).toEqual({ count: 5, doubled: 10 });
  });

  it('takes the way for failures in branch.json after the judged task was skipped', () => {
    const run = runToEnd(documentOf('branch.json'));
    expect(run.outcome).toEqual(['try SKIP', 'gate SUCCESS', 'bad SUCCESS', 'end SUCCESS']);
    expect(run.row('try').error).toMatchObject({ reason: 'expression' });
    expect(run.run.variables).toMatchObject({ taken: 'failure' });
  });

  it('runs the declared lanes of parallel.yaml at once and compares the sum by value', () => {
    const run = runToEnd(documentOf('parallel.yaml'));
    expect(run.status).toBe('SUCCESS');
    expect(run.rows.map((row) => row.nodeId).toSorted()).toEqual(['c-1', 'c-2', 'c-3', 'n-end', 'n-fork', 'n-gate', 'n-ok', 'n-sum']);
    expect(['n-sum', 'c-1', 'c-2', 'c-3', 'n-ok'].map((id) => run.row(id).result)).toEqual([
      { add_value: 42 },
      { subtraction_value: 39 },
      { multi_value: 6 },
      { add_value: 43 },
      { multi_value: 42 },
    ]);
    const [first, other] = ['c-1', 'c-3'].map((id) => run.row(id).startedAt);
    expect(first).toBe(other);
  });

  it('finds the lanes of search.json by the links of its tasks', () => {
    const document = documentOf('search.json');
    const run = runToEnd(document);
    expect(run.status).toBe('SUCCESS');
    expect(
      run.rows
        .filter((row) => row.uses === 'math')
        .map((row) => row.path)
        .toSorted(),
    ).toEqual(['fork/lane_1/a1', 'fork/lane_1/a2', 'fork/lane_2/b1', 'fork/lane_3/c1', 'fork/lane_3/c2', 'sum']);
    expect(run.row('sum').input).toEqual({ operation: 'add', a: 42, b: 0 });
  });

  it('calculates and puts texts together in arithmetic.json', () => {
    const run = runToEnd(documentOf('arithmetic.json'));
    expect(run.status).toBe('SUCCESS');
    expect(run.run.variables).toMatchObject({
      sum: 7.25,
      difference: 5,
      product: 12.5,
      joined: 'release_end',
      spliced: 'http://host/release/5',
      nested: { list: [9, { fast: true, hosts: ['a', 'b'] }], text: 2.5 },
    });
  });

  it('sends the mails that callbacks.yaml asks for and none for the process', () => {
    const run = runToEnd(documentOf('callbacks.yaml'));
    expect(run.outcome).toEqual(['1002 SKIP', '1003 SUCCESS', '1004 SUCCESS', 'teardown SUCCESS']);
    const mails = run.rows.filter((row) => row.kind === 'callback');
    expect(mails.map((row) => [row.nodeId, row.uses, row.status])).toEqual([
      ['1002', 'email.send', 'SUCCESS'],
      ['1003', 'email.send', 'SUCCESS'],
    ]);
    expect(mails[0]?.input).toMatchObject({ subject: 'legacy callbacks: cannot work SKIP' });
  });
});
