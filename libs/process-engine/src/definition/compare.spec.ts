import fc from 'fast-check';
import type { DefinitionDifference } from '@orderlines/contracts';
import { compareDefinitions } from './compare.js';
import type { NodeDocument, ProcessDocument } from './document.js';
import { compiledOf, withFlow } from './testing/definitions.js';
import { NIGHTLY, RELEASE } from './testing/examples.js';

const documentOf = (flow: string, top?: string): ProcessDocument => compiledOf(withFlow(flow, top)).document;
const compareFlows = (before: string, after: string): DefinitionDifference => compareDefinitions(documentOf(before), documentOf(after));
const BASE = `
  - { id: first, uses: shell, with: { command: make, env: { A: '1' } } }
  - id: checks
    type: parallel
    branches:
      unit: [{ id: test, uses: shell, with: { command: test } }]
      lint: [{ id: style, uses: shell, with: { command: lint } }]
  - { id: last, uses: log, with: { message: done } }`;

describe('comparing definitions', () => {
  it.each([RELEASE, NIGHTLY])('finds nothing between a definition and itself', (text) => {
    const { document } = compiledOf(text);
    expect(compareDefinitions(document, structuredClone(document))).toEqual({ settings: [], nodes: [], drawing: false });
  });

  it('names the key that was changed, however deep it stands', () => {
    const { nodes } = compareFlows(BASE, BASE.replace("A: '1'", "A: '2', B: x").replace('command: test', 'command: test --all'));
    expect(nodes).toEqual([
      {
        ...{ path: 'first', id: 'first', type: 'task', change: 'changed', from: null },
        fields: [
          { field: 'with.env.A', before: '1', after: '2' },
          { field: 'with.env.B', after: 'x' },
        ],
      },
      {
        ...{ path: 'checks/unit/test', id: 'test', type: 'task', change: 'changed', from: null },
        fields: [{ field: 'with.command', before: 'test', after: 'test --all' }],
      },
    ]);
  });

  it('tells nodes that came from nodes that went, and neither from those that moved into another flow', () => {
    const after = `
  - { id: fresh, uses: log, with: { message: new } }
  - id: checks
    type: parallel
    branches:
      unit: [{ id: test, uses: shell, with: { command: test } }, { id: last, uses: log, with: { message: over } }]
      lint: [{ id: style, uses: shell, with: { command: lint } }]`;
    expect(compareFlows(BASE, after).nodes).toEqual([
      expect.objectContaining({ path: 'fresh', change: 'added' }),
      {
        ...{ path: 'checks/unit/last', id: 'last', type: 'task', change: 'moved', from: 'last' },
        fields: [{ field: 'with.message', before: 'done', after: 'over' }],
      },
      expect.objectContaining({ path: 'first', change: 'removed' }),
    ]);
  });

  it('another order of a flow is told by the fewest nodes that moved; the order of a dag says nothing', () => {
    const flow = (ids: string) => [...ids].map((id) => `  - { id: ${id}, uses: log, with: { message: ${id} } }`).join('\n');
    expect(compareFlows(flow('abcde'), flow('eabcd')).nodes).toMatchObject([{ path: 'e', change: 'moved', from: 'e', fields: [] }]);
    const graph = (ids: string) => documentOf(flow(ids), 'type: dag\n');
    expect(compareDefinitions(graph('abc'), graph('cba')).nodes).toEqual([]);
  });

  it('names params and variables by their names, and says when only the drawing differs', () => {
    const one = documentOf(BASE);
    const other: ProcessDocument = {
      ...one,
      timeout: '1h',
      params: [{ name: 'version', type: 'string', default: 'v1' } as never],
      layout: { nodes: {} },
    };
    expect(compareDefinitions(one, other)).toMatchObject({
      settings: [
        { field: 'params.version.default', after: 'v1' },
        { field: 'timeout', after: '1h' },
      ],
      nodes: [],
      drawing: true,
    });
  });

  it('seen from the other side, what was added is removed, and as much was moved and changed', () => {
    fc.assert(
      fc.property(anyFlow, anyFlow, (before, after) => {
        const there = compareDefinitions(before, after);
        const back = compareDefinitions(after, before);
        expect(paths(there, 'added')).toEqual(paths(back, 'removed'));
        expect(paths(there, 'removed')).toEqual(paths(back, 'added'));
        expect(paths(there, 'moved').length).toBe(paths(back, 'moved').length);
        expect(changedIds(there)).toEqual(changedIds(back));
      }),
    );
  });

  it('no difference means the same flow, and every node is in at most one of them', () => {
    fc.assert(
      fc.property(anyFlow, anyFlow, (before, after) => {
        const { nodes, settings } = compareDefinitions(before, after);
        expect(new Set(nodes.map(({ path, change }) => `${change === 'removed'} ${path}`)).size).toBe(nodes.length);
        if (nodes.length + settings.length === 0) expect(after).toEqual(before);
      }),
    );
  });
});

const paths = ({ nodes }: DefinitionDifference, change: string): string[] =>
  nodes
    .filter((node) => node.change === change)
    .map(({ path }) => path)
    .toSorted();

const changedIds = ({ nodes }: DefinitionDifference): string[] =>
  nodes
    .filter(({ fields }) => fields.length > 0)
    .map(({ id }) => id)
    .toSorted();

const task = (id: string, command: string): NodeDocument => ({ id, type: 'task', uses: 'shell', with: { command } });
const tasks = fc.uniqueArray(fc.record({ id: fc.constantFrom(...'abcdef'), command: fc.constantFrom('x', 'y') }), {
  selector: ({ id }) => id,
  maxLength: 5,
});
/** Small flows of few ids, so that two of them have much in common. */
const anyFlow: fc.Arbitrary<ProcessDocument> = fc.record({ outer: tasks, inner: tasks }).map(({ outer, inner }) => {
  const taken = new Set(outer.map(({ id }) => id));
  const group: NodeDocument = {
    id: 'group',
    type: 'group',
    flow: inner.filter(({ id }) => !taken.has(id)).map(({ id, command }) => task(id, command)),
  };
  return {
    ...compiledOf(withFlow(BASE)).document,
    flow: [...outer.map(({ id, command }) => task(id, command)), group],
  };
});
