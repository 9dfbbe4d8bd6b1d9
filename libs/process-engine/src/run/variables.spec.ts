import { describe, expect, it } from '@jest/globals';
import { processOf, Simulation, succeeds } from './testing/index.js';

const KIB = 1024;
const text = (bytes: number): string => 'x'.repeat(bytes);

describe('variables', () => {
  it('of a task are written before its set sees them, all or none', () => {
    const process = processOf(`
variables: [{ name: a, type: integer, value: 0 }, { name: b, type: integer, value: 0 }]
flow: [{ id: n, uses: log, onError: ignore, set: { b: "\${{ vars.a / 0 }}" } }]`);
    const run = new Simulation(process, { script: { n: succeeds({}, { variables: { a: 1 } }) } }).play();
    expect(run.run.variables).toEqual({ a: 0, b: 0 });
    expect(run.row('n')).toMatchObject({ status: 'SKIP', reason: 'expression' });
  });

  it('of a failed attempt are not written', () => {
    const process = processOf('variables: [{ name: a, type: integer, value: 0 }]\nflow: [{ id: n, uses: log, onError: ignore }]');
    const failure = { reason: 'user' as const, message: 'x' };
    expect(new Simulation(process, { script: { n: { failure, variables: { a: 1 } } } }).play().run.variables).toEqual({ a: 0 });
  });

  it('are told when they change, with their converted values', () => {
    const process = processOf(
      'variables: [{ name: a, type: integer, value: 0 }]\nflow: [{ id: n, type: assign, set: { a: "${{ \'7\' }}" } }]',
    );
    const facts = new Simulation(process).play().store.history.flatMap((entry) => entry.facts);
    expect(facts).toContainEqual(expect.objectContaining({ type: 'variables', values: { a: 7 } }));
  });

  it('are 1 MiB together at most', () => {
    const process = processOf(`
variables: [{ name: a, type: text, value: "" }, { name: b, type: text, value: "" }]
flow: [{ id: one, uses: log }, { id: two, uses: log }]`);
    const script = { one: succeeds({}, { variables: { a: text(600 * KIB) } }), two: succeeds({}, { variables: { b: text(600 * KIB) } }) };
    const run = new Simulation(process, { script }).play();
    expect(run.row('two')).toMatchObject({ status: 'FAILURE', reason: 'expression', error: { code: 'variables.too-large' } });
    expect(run.run.variables.b).toBe('');
  });
});

describe('the input of a task', () => {
  const process = processOf('params: [{ name: p, type: text }]\nflow: [{ id: n, uses: log, with: { p: "${{ params.p }}" } }]');

  it('is 4 MiB at most, counted in bytes', () => {
    expect(new Simulation(process, { params: { p: text(255 * KIB) } }).play().status).toBe('SUCCESS');
    const three = processOf(
      'params: [{ name: p, type: text }]\nflow: [{ id: n, uses: log, with: { p: "${{ params.p }}", q: "${{ params.p }}", r: "${{ params.p }}" } }]',
    );
    expect(new Simulation(three, { params: { p: '数'.repeat(500 * KIB) } }).play().row('n')).toMatchObject({
      status: 'FAILURE',
      reason: 'expression',
      error: { code: 'input.too-large' },
    });
  });

  it('that cannot be resolved fails the node with the expression, its place and the values at hand', () => {
    const broken = processOf(
      'params: [{ name: p, type: text }]\nflow: [{ id: n, uses: log, with: { p: "${{ params.p + 1 * params.p }}" } }]',
    );
    const run = new Simulation(broken, { params: { p: 'seven' } }).play();
    expect(run.row('n').error).toMatchObject({
      reason: 'expression',
      detail: { expression: 'params.p + 1 * params.p', values: { 'params.p': 'seven' } },
    });
    expect(run.run.error?.message).toMatch(/^n: /);
  });

  it.each([
    ["'😀'.substring(0, 1)", '\ufffd'],
    ["split('😀', '')", ['\ufffd', '\ufffd']],
    ["'a\\u0000b'", 'a\ufffdb'],
    [`fromJson('{"\\\\u0000": 1}')`, { '\ufffd': 1 }],
  ])('can be written to a row whatever %s makes of characters', (source, expected) => {
    const process = processOf(`flow: [{ id: n, uses: log, with: { x: ${JSON.stringify(`\${{ ${source} }}`)} } }]`);
    expect(new Simulation(process).play().row('n').input).toEqual({ x: expected });
  });

  it('that fails over a long value, or over half a character, says so in a message that can be stored', () => {
    const failureOf = (source: string, p: string) =>
      new Simulation(processOf(`params: [{ name: p, type: text }]\nflow: [{ id: n, uses: log, with: { x: "\${{ ${source} }}" } }]`), {
        params: { p },
      })
        .play()
        .row('n').error;
    for (const shift of [0, 1]) {
      const error = failureOf('int(params.p)', 'q'.repeat(shift) + '😀'.repeat(200));
      expect(JSON.stringify(error)).not.toMatch(/\\ud[89a-f]/);
    }
    expect(failureOf("{'a': 1}[params.p]", text(900_000))?.message.length).toBeLessThan(5_000);
  });

  it('shows of an item, of a result and of the run what the expression reads', () => {
    const broken = processOf(`
flow:
  - id: each
    type: foreach
    items: [{ price: 4, name: pen }]
    as: article
    onError: ignore
    flow: [{ id: n, uses: log, with: { p: "\${{ article.price / index + size(run.process) }}" } }]
  - { id: last, uses: log, set: { x: "\${{ result.count + 1 }}" } }
variables: [{ name: x, type: integer, value: 0 }]`);
    const run = new Simulation(broken, { script: { last: succeeds({ count: 'many' }) } }).play();
    expect(run.row('n').error?.detail).toMatchObject({ values: { 'article.price': 4, index: 0, 'run.process': 'test' } });
    expect(run.row('last').error?.detail).toMatchObject({ values: { 'result.count': 'many' } });
  });
});
