import { exportYaml, processDocumentSchema, readDefinition, type NodeDocument, type ProcessDocument } from '@orderlines/process-engine';
import fc from 'fast-check';
import { documents, processOf } from '../testing/documents.js';
import { copy, paste } from './clipboard.js';
import { connect, disconnect } from './connect.js';
import { placedAt } from './drawing.js';
import { changeFlow, flowsIn, idsIn, MAIN_FLOW, placesIn } from './flows.js';
import { beginning, did, redo, undo, type History } from './history.js';
import { append, insertInto } from './insert.js';
import { moveOut, moveTo } from './move.js';
import { freshId } from './names.js';
import { movedInList } from './order.js';
import { isRefusal, type Edited } from './refusal.js';
import { remove } from './remove.js';
import { renameNode, renameValue } from './rename.js';
import { notReached, portsOf, waysIn, waysOf, type Way } from './ways.js';

const task = (id: string, more: object = {}): NodeDocument => ({ id, type: 'task', uses: 'log', ...more }) as NodeDocument;
const made = (edited: Edited<ProcessDocument>): ProcessDocument => {
  if (isRefusal(edited)) throw new Error(edited.refused);
  return edited;
};
const drawn = (document: ProcessDocument): string[] => waysIn(document).map(({ from, port, to }) => `${from ?? '('} ${port} ${to ?? ')'}`);
const line = processOf([task('a'), task('b'), task('c')]);

describe('the arrows of a flow', () => {
  it('are the order of the list, and what nodes say otherwise', () => {
    const document = processOf([
      task('a', { onError: { goto: 'c' } }),
      { id: 'b', type: 'switch', cases: [{ when: true, next: 'a' }] },
      task('c'),
    ]);
    expect(drawn(document)).toEqual(['( start a', 'a next b', 'a onError c', 'b case:0 a', 'c next )']);
  });

  it('of a dag are what its nodes need', () => {
    const dag = { id: 'd', type: 'dag', nodes: [task('a'), task('b', { needs: ['a'] }), task('c', { needs: ['a'] })] };
    expect(drawn(processOf([dag])).slice(2)).toEqual(['( start a', 'a needs b', 'b needs )', 'a needs c', 'c needs )']);
  });
});

describe('drawing an arrow', () => {
  it('writes `next` where the list says something else, and takes it away where the list says it', () => {
    const jumped = made(connect(line, { flow: MAIN_FLOW, from: 'a', port: 'next', to: 'c' }));
    expect(jumped.flow[0]).toEqual(task('a', { next: 'c' }));
    expect(made(connect(jumped, { flow: MAIN_FLOW, from: 'a', port: 'next', to: 'b' }))).toEqual(line);
  });

  it.each([
    ['into another flow', 'other-flow', { from: 'a', port: 'next', to: 'inner' }],
    ['out of an end', 'end-has-no-way-out', { from: 'stop', port: 'next', to: 'a' }],
    ['from a switch without saying which case', 'decides-itself', { from: 'gate', port: 'next', to: 'a' }],
    ['in a circle of a dag', 'in-a-circle', { from: 'y', port: 'needs', to: 'x' }],
  ] as const)('is refused %s', (_, refused, way) => {
    const document = processOf([
      task('a'),
      { id: 'gate', type: 'switch', cases: [] },
      { id: 'g', type: 'group', flow: [task('inner')] },
      { id: 'd', type: 'dag', nodes: [task('x'), task('y', { needs: ['x'] })] },
      { id: 'stop', type: 'end' },
    ]);
    expect(connect(document, { flow: MAIN_FLOW, ...way })).toEqual({ refused });
  });

  it('leads where it was drawn, and nothing else changes', () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.nat(), fc.nat(), (document, flowAt, fromAt, toAt) => {
        const flow = at(flowsIn(document), flowAt);
        const source = flow && at(flow.nodes, fromAt);
        const target = flow && at([null, ...flow.nodes.map(({ id }) => id)], toAt);
        const port = source && at(portsOf(source, flow.isGraph), toAt);
        if (!flow || !source || target === undefined || !port) return;
        const way = { flow: flow.key, from: source.id, port, to: target };
        const edited = connect(document, way);
        if (isRefusal(edited)) return;
        expect(drawn(edited)).toContain(`${source.id} ${port} ${target ?? ')'}`);
        const others = (one: ProcessDocument): string[] =>
          drawn(one).filter((text) => !text.startsWith(`${source.id} `) && !text.startsWith('('));
        if (!flow.isGraph) expect(others(edited)).toEqual(others(document));
      }),
    );
  });
});

describe('adding a node', () => {
  it('to a flow leaves it without an arrow until one is drawn', () => {
    const added = append(line, task('d'));
    expect(added.flow.map((node) => 'next' in node && node.next)).toEqual(
      [undefined, undefined, 'end', undefined].map((next) => next ?? false),
    );
    expect([...notReached(flowsIn(added)[0]!)]).toEqual(['d']);
  });

  it('into an arrow leads through it', () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.constantFrom('task', 'switch'), (document, wayAt, type) => {
        const way = at(waysIn(document), wayAt);
        const nextIsDecided = way?.port === 'next' && isSwitchOrEnd(document, way);
        if (!way || idsIn(document).has('end') || nextIsDecided) return;
        const node = (type === 'task' ? task('new') : { id: 'new', type: 'switch', cases: [] }) as NodeDocument;
        const edited = made(insertInto(document, node, way));
        const ways = drawn(edited);
        expect(ways.some((text) => text.startsWith(way.from === null ? '(' : `${way.from} `) && text.endsWith(' new'))).toBe(true);
        expect(ways.some((text) => text.startsWith('new ') && text.endsWith(` ${way.to ?? ')'}`))).toBe(true);
      }),
    );
  });
});

describe('taking nodes away', () => {
  it('leads what led to them to where they went on', () => {
    expect(drawn(remove(line, new Set(['b'])))).toEqual(['( start a', 'a next c', 'c next )']);
  });

  it('leaves no arrow that leads nowhere', () => {
    fc.assert(
      fc.property(documents, fc.array(fc.nat(), { maxLength: 4 }), (document, chosen) => {
        const ids = new Set(chosen.flatMap((index) => at([...idsIn(document)], index) ?? []));
        const left = remove(document, ids);
        for (const id of ids) expect(placesIn(left).has(id)).toBe(false);
        const unknown = readDefinition(exportYaml(left)).problems.filter(({ code }) => code === 'definition.unknown-node');
        const before = readDefinition(exportYaml(document)).problems.filter(({ code }) => code === 'definition.unknown-node');
        expect(unknown.length).toBeLessThanOrEqual(before.length);
      }),
    );
  });
});

describe('moving nodes', () => {
  it('into a container cuts the arrows across its border', () => {
    const document = processOf([task('a', { next: 'c' }), { id: 'g', type: 'group', flow: [] }, task('c')]);
    expect(drawn(made(moveTo(document, ['c'], 'g/flow')))).toEqual(['( start a', 'a next )', 'g next )', '( start c', 'c next )']);
  });

  it('never puts a container into itself', () => {
    const document = processOf([{ id: 'g', type: 'group', flow: [{ id: 'h', type: 'group', flow: [] }] }]);
    expect(moveTo(document, ['g'], 'h/flow')).toEqual({ refused: 'into-itself' });
  });

  it('in and out again keeps every node', () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.nat(), (document, nodeAt, flowAt) => {
        const id = at([...idsIn(document)], nodeAt);
        const flow = at(flowsIn(document), flowAt);
        if (id === undefined || flow === undefined) return;
        const moved = moveTo(document, [id], flow.key);
        if (isRefusal(moved)) return;
        expect([...idsIn(moved)].sort()).toEqual([...idsIn(document)].sort());
        expect(placesIn(moved).get(id)?.flow.key).toBe(flow.key);
      }),
    );
  });
});

describe('a new name', () => {
  it('of a node is known to everything that names it', () => {
    const document = processOf([
      task('a', { onError: { goto: 'c' } }),
      task('b', { with: { x: "${{ tasks.c.result.x + tasks['c'].attempts }} of ${{ [1].map(tasks, tasks.c) }}" } }),
      task('c', { next: 'b' }),
    ]);
    const renamed = made(renameNode(document, 'c', 'my-id'));
    expect(renamed.flow.map((node) => node.id)).toEqual(['a', 'b', 'my-id']);
    expect(renamed.flow[0]).toMatchObject({ onError: { goto: 'my-id' } });
    expect(renamed.flow[1]).toMatchObject({
      with: { x: "${{ tasks['my-id'].result.x + tasks['my-id'].attempts }} of ${{ [1].map(tasks, tasks.c) }}" },
    });
    expect(made(renameNode(renamed, 'my-id', 'd')).flow[1]).toMatchObject({
      with: { x: expect.stringContaining("tasks['d'].attempts") as string },
    });
  });

  it('of a variable is known to expressions and to what writes it', () => {
    const document = processOf([{ id: 'a', type: 'assign', set: { n: '${{ vars.n + 1 }}' } }], {
      variables: [{ name: 'n', type: 'integer' }],
    });
    const renamed = made(renameValue(document, 'vars', 'n', 'tries'));
    expect(renamed.flow[0]).toMatchObject({ set: { tries: '${{ vars.tries + 1 }}' } });
  });

  it('and back again is the same document', () => {
    fc.assert(
      fc.property(documents, fc.nat(), (document, index) => {
        const id = at([...idsIn(document)], index);
        if (id === undefined) return;
        expect(made(renameNode(made(renameNode(document, id, 'other')), 'other', id))).toEqual(document);
      }),
    );
  });
});

describe('pasting', () => {
  it('gives fresh ids, and what the copies say of each other is said of the copies', () => {
    const document = processOf([task('a'), task('b', { next: 'a', with: { x: '${{ tasks.a.status }}' } }), task('c')]);
    const { document: pasted, ids } = paste(document, copy(document, ['a', 'b']), MAIN_FLOW);
    expect(ids).toEqual(['a_2', 'b_2']);
    expect(pasted.flow[4]).toMatchObject({ id: 'b_2', next: 'a_2', with: { x: '${{ tasks.a_2.status }}' } });
    expect(notReached(flowsIn(pasted)[0]!).has('a_2')).toBe(true);
  });
});

type Command = (document: ProcessDocument) => Edited<ProcessDocument>;
const numbers = fc.tuple(fc.nat(), fc.nat(), fc.nat());
/** Any edit that a person can make, aimed by three numbers. */
const commands: fc.Arbitrary<Command> = fc.tuple(fc.nat(8), numbers).map(([kind, [one, other, third]]): Command => (document) => {
  const ids = [...idsIn(document)];
  const id = at(ids, one);
  const flow = at(flowsIn(document), other);
  const fresh = freshId('new', new Set(ids));
  const way = at(waysIn(document), third);
  if (kind === 0) return append(document, task(fresh), flow?.key);
  if (kind === 1) return way === undefined ? document : insertInto(document, task(fresh), way);
  if (kind === 2) return id === undefined ? document : remove(document, new Set([id]));
  if (kind === 3) return id === undefined || flow === undefined ? document : moveTo(document, [id], flow.key);
  if (kind === 4) return id === undefined ? document : renameNode(document, id, fresh);
  if (kind === 5) return id === undefined || flow === undefined ? document : paste(document, copy(document, [id]), flow.key).document;
  if (kind === 6) return way === undefined ? document : disconnect(document, way);
  if (kind === 7) return id === undefined ? document : moveOut(document, [id]);
  const node = flow && at(flow.nodes, one);
  if (flow === undefined || node === undefined) return document;
  if (third % 2 === 0) return changeFlow(document, flow.key, (nodes) => movedInList(nodes, node.id, third % 4 === 0 ? 1 : -1));
  const port = at(portsOf(node, flow.isGraph), third);
  const to = at([null, ...flow.nodes.map((sibling) => sibling.id)], third);
  return port === undefined || to === undefined ? document : connect(document, { flow: flow.key, from: node.id, port, to });
});

describe('any edits, one after another,', () => {
  const after = (document: ProcessDocument, edits: readonly Command[]): History<ProcessDocument> =>
    edits.reduce((history, edit) => {
      const edited = edit(history.present);
      return isRefusal(edited) ? history : did(history, 'edit', edited);
    }, beginning(document));

  it('leave a document that reads back the same', () => {
    fc.assert(
      fc.property(documents, fc.array(commands, { maxLength: 12 }), (document, edits) => {
        const { present } = after(document, edits);
        expect(processDocumentSchema.parse(present)).toEqual(present);
        expect(readDefinition(exportYaml(present)).document).toEqual(present);
      }),
      { numRuns: 60 },
    );
  });

  it('leave every id there once', () => {
    fc.assert(
      fc.property(documents, fc.array(commands, { maxLength: 12 }), (document, edits) => {
        const ids = flowsIn(after(document, edits).present).flatMap(({ nodes }) => nodes.map(({ id }) => id));
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it('can be taken back one by one, and made again', () => {
    fc.assert(
      fc.property(documents, fc.array(commands, { maxLength: 12 }), (document, edits) => {
        const history = after(document, edits);
        const back = history.done.reduce<History<ProcessDocument>>((one) => undo(one), history);
        expect(back.present).toBe(document);
        expect(history.done.reduce<History<ProcessDocument>>((one) => redo(one), back)).toEqual(history);
      }),
    );
  });
});

describe('the drawing', () => {
  it('keeps what another tool has put there', () => {
    expect(placedAt(processOf([task('a')], { layout: { grid: 5 } }), { a: { x: 1.4, y: 2 } }).layout).toEqual({
      grid: 5,
      nodes: { a: { x: 1, y: 2 } },
    });
  });
});

function at<Item>(items: readonly Item[], index: number): Item | undefined {
  return items[index % Math.max(1, items.length)];
}

function isSwitchOrEnd(document: ProcessDocument, way: Way): boolean {
  const node = way.from === null ? undefined : placesIn(document).get(way.from)?.node;
  return (
    node?.type === 'switch' || node?.type === 'end' || (node !== undefined && waysOf(placesIn(document).get(node.id)!.flow).length === 0)
  );
}
