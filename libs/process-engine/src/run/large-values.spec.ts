import { isLargeValue, type Json, type JsonObject } from '@orderlines/contracts';
import { processOf, Simulation, succeeds } from './testing/index.js';

const rows = (count: number): Json => Array.from({ length: count }, (_, index) => ({ index, text: 'a row' }));

/** A run whose first task gives this result; large members stand as references, as a worker leaves them. */
const played = (result: JsonObject, rest: string, large: { [name: string]: Json }) => {
  const simulation = new Simulation(processOf(`variables: [{ name: kept, type: list }]\nflow:\n  - { id: a, uses: log }\n${rest}`), {
    script: { a: { ...succeeds({}), after: 5_000 } },
  });
  simulation.play(1_000);
  const [row] = simulation.rows;
  const references = Object.fromEntries(
    Object.entries(large).map(([name, value]) => [name, simulation.store.keep(value) as unknown as Json]),
  );
  simulation.apply({
    kind: 'finished',
    taskInstanceId: row?.id ?? '',
    attempt: 1,
    dispatch: 1,
    token: row?.token ?? '',
    outcome: { status: 'SUCCESS', result: { ...result, ...references } },
  });
  return { simulation: simulation.play(), references };
};

describe('a result with large members', () => {
  it('is passed to the next task by reference, and its small members as they are', () => {
    const { simulation, references } = played(
      { exitCode: 0 },
      '  - { id: b, uses: log, with: { rows: "${{ tasks.a.result.rows }}", code: "${{ tasks.a.result.exitCode }}" } }',
      { rows: rows(100_000) },
    );
    expect(simulation.row('b').input).toEqual({ rows: references['rows'], code: 0 });
    expect(simulation.store.loads).toBeLessThan(3);
  });

  it.each<[string, string, Json]>([
    ['counted', 'size(tasks.a.result.rows)', 20_000],
    ['read by index', 'tasks.a.result.rows[7].index', 7],
    ['read where it may be missing', 'tasks.a.result.?rows[?8].?index.orValue(0)', 8],
    ['filtered', 'size(tasks.a.result.rows.filter(row, row.index < 10))', 10],
    ['compared', 'tasks.a.result.rows == tasks.a.result.again', true],
    ['put beside others', 'size([tasks.a.result.rows, 1])', 2],
    ['asked for', 'has(tasks.a.result.rows)', true],
  ])('can be %s by an expression', (_name, source, expected) => {
    const large = { rows: rows(20_000), again: rows(20_000) };
    const { simulation } = played({}, `  - { id: b, uses: log, with: { value: "\${{ ${source} }}" } }`, large);
    expect(simulation.row('b').input).toEqual({ value: expected });
  });

  it('can be spliced into a text and written into a variable', () => {
    const rest = '  - { id: b, uses: log, with: { text: "got ${{ tasks.a.result.word }}" }, set: { kept: "${{ tasks.a.result.rows }}" } }';
    const { simulation, references } = played({}, rest, { word: 'x'.repeat(10), rows: rows(20_000) });
    expect(simulation.row('b').input).toEqual({ text: `got ${'x'.repeat(10)}` });
    expect(simulation.run.variables).toEqual({ kept: references['rows'] });
  });

  it('gives a foreach its items as long as these alone are small', () => {
    const rest = (items: string) =>
      `  - { id: each, type: foreach, items: "\${{ tasks.a.result.${items} }}", flow: [{ id: b, type: assign }] }`;
    const small = played({}, rest('few'), { few: rows(3), rows: rows(20_000) }).simulation;
    expect(small.status).toBe('SUCCESS');
    expect(small.rows.filter(({ nodeId }) => nodeId === 'b')).toHaveLength(3);
    expect(played({}, rest('rows'), { rows: rows(20_000) }).simulation.row('each').error?.code).toBe('items.too-large');
  });

  it('fails the node that looks into more than 4 MiB, and says what to do', () => {
    const { simulation } = played({}, '  - { id: b, uses: log, with: { n: "${{ size(tasks.a.result.rows) }}" } }', { rows: rows(200_000) });
    expect(simulation.row('b')).toMatchObject({
      status: 'FAILURE',
      error: { reason: 'expression', message: expect.stringContaining('4 MiB') },
    });
  });

  it('fails the node when it is not stored', () => {
    const missing = { $ref: `sha256:${'0'.repeat(64)}`, bytes: 300_000 };
    const { simulation } = played({ missing }, '  - { id: b, uses: log, with: { n: "${{ size(tasks.a.result.missing) }}" } }', {});
    expect(simulation.row('b')).toMatchObject({ status: 'FAILURE', error: { message: expect.stringContaining('not stored in this run') } });
  });
});

describe('inputs above 256 KiB', () => {
  it('lie beside the row in parts', () => {
    const process = processOf(
      'params: [{ name: p, type: text }]\nflow: [{ id: n, uses: log, with: { small: 1, one: "${{ params.p }}", two: "${{ params.p + params.p }}" } }]',
    );
    const simulation = new Simulation(process, { params: { p: 'ü'.repeat(100_000) } }).play();
    const { input } = simulation.row('n');
    expect(simulation.status).toBe('SUCCESS');
    expect(JSON.stringify(input).length).toBeLessThan(256 * 1024);
    expect(input).toMatchObject({ small: 1, two: { bytes: 400_002 } });
    const { two } = input as { two: Json };
    expect(isLargeValue(two) && simulation.store.values.get(two.$ref.slice(7))).toBe(JSON.stringify('ü'.repeat(200_000)));
  });

  it('fail the node when they refer to more than 64 MiB', () => {
    const large = { $ref: `sha256:${'0'.repeat(64)}`, bytes: 40 * 1024 * 1024 };
    const process = processOf(
      'params: [{ name: p, type: map }]\nflow: [{ id: n, uses: log, with: { one: "${{ params.p }}", two: "${{ params.p }}" } }]',
    );
    const simulation = new Simulation(process, { params: { p: large } }).play();
    expect(simulation.row('n')).toMatchObject({ status: 'FAILURE', error: { code: 'input.too-large' } });
  });
});
