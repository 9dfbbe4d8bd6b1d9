import { canonicalJson, type Json } from '@orderlines/contracts';
import fc from 'fast-check';
import type { NodeDocument, ProcessDocument } from '../document.js';
import { compiledOf } from '../testing/definitions.js';
import { compareProcesses } from './compare-processes.js';
import { keptOrder } from './kept-order.js';

const read = (body: string): ProcessDocument => compiledOf(`apiVersion: orderlines/v1\nkind: Process\nname: p\n${body}`).document;
const changesOf = (before: string, after: string) => {
  const { nodes } = compareProcesses(read(before), read(after));
  return nodes.map(({ id, change, from, to, fields }) => [id, change, from, to, fields.map(({ path }) => path)]);
};

describe('comparing two definitions', () => {
  it('tells of nodes that were added, removed and changed, with what they were and are', () => {
    const before = read('flow: [{ id: a, uses: log, with: { message: one } }, { id: gone, uses: log }]');
    const after = read('flow: [{ id: a, uses: log, with: { message: two } }, { id: fresh, uses: sleep, name: Rest }]');
    const { nodes, equal } = compareProcesses(before, after);
    expect(equal).toBe(false);
    expect(nodes).toMatchObject([
      { id: 'a', change: 'changed', moved: false, fields: [{ path: 'with.message', before: 'one', after: 'two' }] },
      { id: 'fresh', change: 'added', name: 'Rest', from: null, to: 'flow' },
      { id: 'gone', change: 'removed', from: 'flow', to: null },
    ]);
  });

  it('says which node went elsewhere, and not that all behind it moved', () => {
    const flow = (...ids: string[]) => `flow: [${ids.map((id) => `{ id: ${id}, uses: log }`).join(', ')}]`;
    expect(changesOf(flow('a', 'b', 'c', 'd'), flow('d', 'a', 'b', 'c'))).toEqual([['d', 'moved', 'flow', 'flow', []]]);
    expect(changesOf(flow('a', 'b', 'c'), flow('a', 'x', 'b', 'c'))).toEqual([['x', 'added', null, 'flow', ['id', 'type', 'uses']]]);
  });

  it('follows a node into another flow', () => {
    const before = 'flow: [{ id: a, uses: log }, { id: g, type: group, flow: [{ id: b, uses: log }] }]';
    const after = 'flow: [{ id: g, type: group, flow: [{ id: b, uses: log }, { id: a, uses: log, queue: fast }] }]';
    expect(changesOf(before, after)).toEqual([['a', 'changed', 'flow', 'g/flow', ['queue']]]);
  });

  it('tells of a container only what is its own', () => {
    const before = 'flow: [{ id: p, type: parallel, branches: { a: [{ id: x, uses: log }] } }]';
    const after = 'flow: [{ id: p, type: parallel, branches: { a: [], b: [{ id: x, uses: log }] } }]';
    expect(changesOf(before, after)).toEqual([
      ['p', 'changed', 'flow', 'flow', ['branches.b']],
      ['x', 'moved', 'p/branches/a', 'p/branches/b', []],
    ]);
  });

  it('tells of params, variables, settings and the canvas', () => {
    const flow = 'flow: [{ id: a, uses: log }]';
    const before = read(`timeout: 5m\nparams: [{ name: x, type: string }, { name: y, type: string }]\n${flow}`);
    const after = read(
      `timeout: 6m\nlabels: { team: a }\nparams: [{ name: x, type: integer }]\nvariables: [{ name: n, type: integer, value: 1 }]\n${flow}\nlayout: { a: 1 }`,
    );
    expect(compareProcesses(before, after)).toMatchObject({
      settings: [
        { path: 'timeout', before: '5m', after: '6m' },
        { path: 'labels', after: { team: 'a' } },
      ],
      params: [
        { name: 'x', change: 'changed', fields: [{ path: 'type', before: 'string', after: 'integer' }] },
        { name: 'y', change: 'removed' },
      ],
      variables: [{ name: 'n', change: 'added' }],
      nodes: [],
      layout: true,
    });
  });
});

/** Flows with a few ids, so that two of them have much in common; the same id twice, as drafts may have it. */
const flowOf = (depth: number): fc.Arbitrary<NodeDocument[]> => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
  const task = fc.record({ id, type: fc.constant('task' as const), uses: fc.constantFrom('log', 'sleep') });
  const withInputs = fc.record({
    id,
    type: fc.constant('task' as const),
    uses: fc.constant('log'),
    with: fc.dictionary(id, fc.jsonValue()),
  });
  if (depth === 0) return fc.array(fc.oneof(task, withInputs) as fc.Arbitrary<NodeDocument>, { maxLength: 5 });
  const inner = flowOf(depth - 1);
  const group = fc.record({ id, type: fc.constant('group' as const), flow: inner, setup: inner }, { requiredKeys: ['id', 'type', 'flow'] });
  const dag = fc.record({ id, type: fc.constant('dag' as const), nodes: inner });
  const parallel = fc.record({
    id,
    type: fc.constant('parallel' as const),
    branches: fc.dictionary(fc.constantFrom('x', 'y', 'z'), inner),
  });
  return fc.array(fc.oneof(task, withInputs, group, dag, parallel) as fc.Arbitrary<NodeDocument>, { maxLength: 5 });
};
const documents: fc.Arbitrary<ProcessDocument> = fc.record(
  {
    apiVersion: fc.constant('orderlines/v1' as const),
    kind: fc.constant('Process' as const),
    name: fc.constantFrom('p', 'q'),
    timeout: fc.constantFrom('1m', '2m'),
    params: fc.array(fc.record({ name: fc.constantFrom('x', 'y'), type: fc.constantFrom('string' as const, 'integer' as const) })),
    layout: fc.dictionary(fc.constantFrom('a', 'b'), fc.integer()),
    flow: flowOf(2),
  },
  { requiredKeys: ['apiVersion', 'kind', 'name', 'flow'] },
);

describe('for any two definitions', () => {
  it('there is no difference exactly when they say the same', () => {
    fc.assert(
      fc.property(documents, documents, (before, after) => {
        const same = canonicalJson(before as unknown as Json) === canonicalJson(after as unknown as Json);
        expect(compareProcesses(before, after).equal).toBe(same);
        expect(compareProcesses(before, structuredClone(before)).equal).toBe(true);
      }),
    );
  });

  it('the way back tells the same differences the other way round', () => {
    fc.assert(
      fc.property(documents, documents, (before, after) => {
        const there = compareProcesses(before, after);
        const back = compareProcesses(after, before);
        const turned = { added: 'removed', removed: 'added', changed: 'changed', moved: 'moved' } as const;
        const told = ({ nodes }: typeof there) => nodes.filter(({ change }) => change === 'added' || change === 'removed');
        const keys = (nodes: typeof there.nodes, turn: boolean) =>
          nodes.map(({ id, change, from, to }) => (turn ? [id, turned[change], to, from] : [id, change, from, to]).join(' ')).sort();
        expect(keys(told(there), false)).toEqual(keys(told(back), true));
        expect(there.nodes.filter(({ moved }) => moved)).toHaveLength(back.nodes.filter(({ moved }) => moved).length);
        const sides = (fields: typeof there.settings) => fields.map(({ path, before: was, after: is }) => ({ path, was, is }));
        const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
        const reverse = back.settings.map(({ path, before: was, after: is }) => ({ path, was: is, is: was }));
        expect(sides(there.settings).sort(byPath)).toEqual(reverse.sort(byPath));
      }),
    );
  });

  it('what keeps its order is in order, and nothing longer is', () => {
    const longest = (ranks: readonly number[]): number => {
      const best = ranks.map(() => 1);
      ranks.forEach((rank, index) => {
        for (let before = 0; before < index; before++) {
          if ((ranks[before] ?? 0) < rank) best[index] = Math.max(best[index] ?? 1, (best[before] ?? 0) + 1);
        }
      });
      return Math.max(0, ...best);
    };
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(50)), (ranks) => {
        const kept = [...keptOrder(ranks)].sort((a, b) => a - b).map((position) => ranks[position] ?? 0);
        expect(kept).toEqual([...kept].sort((a, b) => a - b));
        expect(kept).toHaveLength(longest(ranks));
      }),
    );
  });
});
