import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@orderlines/contracts';
import { documentOf } from '../document.js';
import { fails, processOf, runs, type Script, Simulation, succeeds } from '../testing/index.js';

/** `a` then `b` for every item; further keys of the foreach. */
const each = (items: string, keys = ''): ReturnType<typeof processOf> =>
  processOf(`
params: [{ name: regions, type: list }]
flow:
  - id: deploy
    type: foreach
    items: ${items}
    ${keys}
    flow: [{ id: a, uses: log, with: { of: "\${{ item }}", index: "\${{ index }}" } }, { id: b, uses: log, with: { a: "\${{ tasks.a.result }}" } }]
  - { id: after, uses: log, with: { result: "\${{ tasks.deploy.result }}" } }`);

const play = (items: string, keys = '', script: Script = {}): Simulation =>
  new Simulation(each(items, keys), { script, params: { regions: ['eu', 'us', 'ap'] } }).play();
const resultOf = (run: Simulation): JsonObject[] => (run.row('after').input as { result: JsonObject[] }).result;
const rowsOf = (run: Simulation, nodeId: string): readonly ReturnType<Simulation['row']>[] =>
  run.rows.filter((row) => row.nodeId === nodeId && row.kind === 'node');

describe('a foreach', () => {
  it('runs its flow for every item at once, and knows each by item and index', () => {
    const run = play('[eu, us]');
    expect(run.status).toBe('SUCCESS');
    expect(rowsOf(run, 'a').map(({ path, index, startedAt, input }) => [path, index, startedAt, input])).toEqual([
      ['deploy[0]/a', 0, 0, { of: 'eu', index: 0 }],
      ['deploy[1]/a', 1, 0, { of: 'us', index: 1 }],
    ]);
    expect(run.row('after').startedAt).toBe(2_000);
  });

  it('gives a list in item order, with the results of the nodes', () => {
    const script = { a: [succeeds({ n: 1 }, { after: 900 }), succeeds({ n: 2 }, { after: 100 })], b: succeeds({}) };
    expect(resultOf(play('[eu, us]', '', script))).toEqual([
      { index: 0, item: 'eu', status: 'SUCCESS', error: {}, outputs: { a: { n: 1 }, b: {} } },
      { index: 1, item: 'us', status: 'SUCCESS', error: {}, outputs: { a: { n: 2 }, b: {} } },
    ]);
  });

  it('gives its outputs instead, evaluated in every item', () => {
    const process = processOf(`
flow:
  - { id: all, type: foreach, items: [1, 2, 3], as: n, outputs: { double: "\${{ n * 2 }}" }, flow: [{ id: a, uses: log }], set: { sum: "\${{ sum(result.map(r, r.outputs.double)) }}" } }
variables: [{ name: sum, type: number }]`);
    expect(new Simulation(process).play().run.variables.sum).toBe(12);
  });

  it.each([
    ['an expression', '"${{ params.regions }}"', ['eu', 'us', 'ap']],
    ['a list with expressions inside', '["${{ params.regions[0] }}", x]', ['eu', 'x']],
    [
      'a map',
      '{ eu: 1, us: 2 }',
      [
        { key: 'eu', value: 1 },
        { key: 'us', value: 2 },
      ],
    ],
    ['nothing', '[]', []],
  ])('runs over %s', (_, items, expected) => {
    const run = play(items);
    expect(run.status).toBe('SUCCESS');
    expect(resultOf(run).map(({ item }) => item)).toEqual(expected);
  });

  it.each([
    ['a number', '"${{ 7 }}"', 'items.not-a-list'],
    [
      'more than 256 KiB',
      `"\${{ range(0, 9).map(n, '${'x'.repeat(7_000)}' + '${'y'.repeat(500)}').map(t, [t, t, t, t]) }}"`,
      'items.too-large',
    ],
  ])('fails with reason expression over %s', (_, items, code) => {
    expect(play(items).row('deploy')).toMatchObject({ status: 'FAILURE', reason: 'expression', error: { code } });
  });

  it('keeps to its concurrency', () => {
    expect(rowsOf(play('[1, 2, 3, 4, 5]', 'concurrency: 2'), 'a').map(({ startedAt }) => startedAt)).toEqual([0, 0, 2_000, 2_000, 4_000]);
  });

  it('can stand in an item of another one', () => {
    const process = processOf(`
flow:
  - id: outer
    type: foreach
    items: [1, 2]
    as: x
    flow:
      - id: inner
        type: foreach
        items: "\${{ [x * 10, x * 10 + 1] }}"
        as: y
        flow: [{ id: a, uses: log, with: { xy: "\${{ [x, y] }}", index: "\${{ index }}" } }]`);
    const run = new Simulation(process).play();
    expect(rowsOf(run, 'a').map(({ path, index, input }) => [path, index, input])).toEqual([
      ['outer[0]/inner[0]/a', 0, { xy: [1, 10], index: 0 }],
      ['outer[0]/inner[1]/a', 1, { xy: [1, 11], index: 1 }],
      ['outer[1]/inner[0]/a', 0, { xy: [2, 20], index: 0 }],
      ['outer[1]/inner[1]/a', 1, { xy: [2, 21], index: 1 }],
    ]);
  });

  it('shows the nodes of an item to that item, and to teardown and callbacks, not to what follows', () => {
    const process = processOf(`
flow:
  - id: all
    type: foreach
    items: [1, 2]
    concurrency: 1
    flow: [{ id: look, uses: log, with: { before: "\${{ tasks.work.status }}" } }, { id: work, uses: log }]
    callbacks: [{ states: [SUCCESS], uses: tell, with: { seen: "\${{ tasks.work.status }}" } }]
  - { id: outside, uses: log, with: { seen: "\${{ tasks.work.status }}" } }
teardown: [{ id: clean, uses: log, with: { seen: "\${{ tasks.work.status }}" } }]`);
    const run = new Simulation(process).play();
    expect(rowsOf(run, 'look').map(({ input }) => input)).toEqual([{ before: 'PENDING' }, { before: 'PENDING' }]);
    expect(run.row('outside').input).toEqual({ seen: 'PENDING' });
    expect(run.row('clean').input).toEqual({ seen: 'SUCCESS' });
    expect(run.rows.find((row) => row.kind === 'callback')?.input).toEqual({ seen: 'SUCCESS' });
  });
});

describe('when items fail', () => {
  const failing = { a: [succeeds(), fails('boom'), succeeds(), fails('bang')] };

  it('the first one stops the others, and those not begun stay PENDING', () => {
    const run = play('[0, 1, 2, 3]', 'concurrency: 2\n    onError: ignore', { a: [{ after: 9_000 }, fails('boom')] });
    expect(resultOf(run).map(({ status }) => status)).toEqual(['STOP', 'FAILURE', 'PENDING', 'PENDING']);
    expect(resultOf(run)[1]).toMatchObject({ error: { message: 'deploy[1]/a: boom', reason: 'user' } });
    expect(run.row('deploy')).toMatchObject({ skipReason: 'ignored', finishedAt: 1_100, error: { message: 'deploy[1]/a: boom' } });
  });

  it.each([
    ['maxFailures: 2', 'SUCCESS', ['SUCCESS', 'FAILURE', 'SUCCESS', 'FAILURE']],
    ['maxFailures: 50%', 'SUCCESS', ['SUCCESS', 'FAILURE', 'SUCCESS', 'FAILURE']],
    ['maxFailures: 1', 'SKIP', ['STOP', 'FAILURE', 'STOP', 'FAILURE']],
    ['maxFailures: 49%', 'SKIP', ['STOP', 'FAILURE', 'STOP', 'FAILURE']],
  ])('%s gives %s', (maxFailures, status, items) => {
    const run = play('[0, 1, 2, 3]', `${maxFailures}\n    onError: ignore`, failing);
    expect(run.row('deploy').status).toBe(status);
    expect(resultOf(run).map((item) => item.status)).toEqual(items);
  });

  it('its failure says how many failed of how many that may', () => {
    const run = play('[0, 1, 2, 3]', 'maxFailures: 1', failing);
    expect(run.run.error).toMatchObject({ reason: 'user', message: '2 of 4 items of deploy failed, 1 may. The first: deploy[1]/a: boom' });
  });

  it('a node with onError: ignore does not fail its item', () => {
    const process = processOf('flow: [{ id: all, type: foreach, items: [1, 2], flow: [{ id: a, uses: log, onError: ignore }] }]');
    expect(new Simulation(process, { script: { a: fails() } }).play().status).toBe('SUCCESS');
  });

  it('a held node keeps its item open while the others go on', () => {
    const process = processOf(
      'flow: [{ id: all, type: foreach, items: [1, 2, 3], concurrency: 2, flow: [{ id: a, uses: log, onError: hold }] }]',
    );
    const run = new Simulation(process, { script: { a: [fails(), succeeds(), succeeds()] } }).play(60_000);
    expect(rowsOf(run, 'a').map(({ status }) => status)).toEqual(['FAILURE', 'SUCCESS', 'SUCCESS']);
    expect(run.row('all').status).toBe('RUNNING');
    run.operate({ name: 'stop' });
    expect(run.play().status).toBe('STOP');
  });

  it('its retry runs all items again, and the result is of the last attempt', () => {
    const run = play('[0, 1]', 'retry: { limit: 1, delay: 1s }\n    outputs: {}', {
      a: [{ after: 9_000 }, fails(), succeeds(), succeeds()],
    });
    expect(run.row('after').status).toBe('SUCCESS');
    expect(run.rows.filter(({ kind }) => kind === 'item').map(({ status, index, scope }) => [status, index, scope])).toEqual([
      ['FAILURE', 1, 2],
      ['STOP', 0, 1],
      ['SUCCESS', 0, 3],
      ['SUCCESS', 1, 4],
    ]);
    expect(resultOf(run).map(({ status }) => status)).toEqual(['SUCCESS', 'SUCCESS']);
  });
});

describe('a foreach that is ended from outside', () => {
  it('begins no further item after a stop', () => {
    const run = new Simulation(each('[1, 2, 3]', 'concurrency: 1'), { script: { a: runs } }).play(500);
    run.operate({ name: 'stop' });
    expect(run.play().status).toBe('STOP');
    expect(rowsOf(run, 'a').map(({ status }) => status)).toEqual(['STOP']);
    expect(run.row('deploy').kind).toBe('node');
  });

  it('begins no further item during a pause', () => {
    const run = new Simulation(each('[1, 2, 3]', 'concurrency: 1')).play(1_500);
    run.operate({ name: 'pause' });
    run.play(60_000);
    expect(rowsOf(run, 'a')).toHaveLength(1);
    run.operate({ name: 'resume' });
    expect(run.play().status).toBe('SUCCESS');
  });

  it('fails with timeout.run after its timeout', () => {
    const run = play('[1, 2]', 'timeout: 5s', { a: runs });
    expect(run.row('deploy')).toMatchObject({ reason: 'timeout.run' });
    expect(rowsOf(run, 'a').map(({ status }) => status)).toEqual(['STOP', 'STOP']);
  });
});

describe('a foreach over many items', () => {
  const many = (count: number): ReturnType<typeof processOf> =>
    processOf(`
flow:
  - { id: all, type: foreach, items: "\${{ range(${count}) }}", concurrency: 20, flow: [{ id: a, uses: log, with: { of: "\${{ item }}" } }] }
  - { id: count, type: assign, set: { done: "\${{ tasks.all.result.filter(r, r.status == 'SUCCESS').size() }}" } }
variables: [{ name: done, type: integer }]`);

  it('holds counters and the items that run, however many there are', () => {
    const sizes = [200, 2_000].map((count) => {
      const run = new Simulation(many(count)).play(5_500);
      const { scopes, executions } = documentOf(run.run);
      expect([Object.keys(scopes).length, Object.keys(executions).length]).toEqual([21, 21]);
      return JSON.stringify(run.run.state).length;
    });
    expect(Math.abs((sizes[1] as number) - (sizes[0] as number))).toBeLessThan(3_000);
  });

  it('reads its row once in a while, and its result once', () => {
    const run = new Simulation(many(1_000)).play();
    expect(run.run.variables.done).toBe(1_000);
    expect(run.store.loads).toBeLessThan(10);
  });

  it('does not keep large items in the state', () => {
    const items = `"\${{ range(40).map(n, '${'x'.repeat(2_000)}') }}"`;
    const run = new Simulation(each(items)).play(500);
    expect(JSON.stringify(run.run.state).length).toBeLessThan(40_000);
    expect((run.row('a').input as { of: string }).of).toHaveLength(2_000);
    expect(run.play().status).toBe('SUCCESS');
  });
});
