import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '@orderlines/contracts';
import type { NodeDocument } from '../document.js';
import { importLegacy } from './import.js';
import {
  definition,
  documentOf,
  end,
  gateway,
  group,
  node,
  nodeOf,
  outline,
  parallel,
  problemsOf,
  start,
  variable,
} from './testing/definitions.js';

const N = [variable('n', 'int', 0)];
const way = (task_id: Json, target?: Json): JsonObject => ({
  task_id,
  condition: target === undefined ? [] : [{ condition: '${n}', sign: '=', target }],
});
const flowOf = (nodes: Json[], info: JsonObject = {}): string[] => outline(documentOf(definition(nodes, N, info)).flow);
const branchesOf = (found: NodeDocument): Record<string, string[]> =>
  found.type === 'parallel' ? Object.fromEntries(Object.entries(found.branches).map(([name, flow]) => [name, outline(flow)])) : {};

describe('the order of nodes imported from linked lists', () => {
  it('follows the links, wherever the nodes stand in the file', () => {
    expect(flowOf([end('e'), node('b', 'e'), node('a', 'b'), start('a')])).toEqual(['a', 'b', 'e']);
  });

  it('ends where a chain ends, with or without an end node', () => {
    expect(flowOf([start('a'), node('a', 'b'), node('b', null)])).toEqual(['a', 'b']);
    expect(flowOf([start('a'), node('a', '')])).toEqual(['a']);
    expect(flowOf([start(null)])).toEqual([]);
  });

  it('takes ids that are numbers, and lists or joined texts of one', () => {
    expect(flowOf([{ ...start(2), task_id: 1 }, node(2, ['3']), node('3', '["4"]'), node(4, '5,'), end(5)])).toEqual(['2', '3', '4', '5']);
  });

  it('writes next where branches meet, so that none runs on into another', () => {
    expect(flowOf([start('g'), gateway('g', [way('a', 1), way('b')]), node('a', 'e'), node('b', 'e'), end('e')])).toEqual([
      'g [a else b]',
      'a → e',
      'b → e',
      'e',
    ]);
  });

  it('ends a branch that stops before another begins', () => {
    expect(
      flowOf([start('g'), gateway('g', [way('a', 1), way('b', 2), way('c')]), node('a', null), node('b', null), node('c', null)]),
    ).toEqual(['g [a b else c]', 'a → end', 'b → end', 'c']);
  });

  it('puts what two branches share behind both', () => {
    const nodes = [start('g'), gateway('g', [way('a', 1), way('join')]), node('a', 'a2'), node('a2', 'join'), node('join', 'e'), end('e')];
    expect(flowOf(nodes)).toEqual(['g [a else join]', 'a', 'a2 → join', 'join', 'e']);
  });

  it('goes back for a target upstream', () => {
    expect(flowOf([start('a'), node('a', 'g'), gateway('g', [way('e', 5), way('a')]), end('e')])).toEqual(['a', 'g [e else a]', 'e']);
    expect(flowOf([start('a'), node('a', 'g'), gateway('g', [way('body', 1), way('e')]), node('body', 'a'), end('e')])).toEqual([
      'a',
      'g [body else e]',
      'body → a',
      'e',
    ]);
  });

  it('lets jumps to the start go where it leads, and passes over frames', () => {
    const frame = node('f', 'b', { task_module: 'BuiltIn', method_name: 'select' });
    expect(flowOf([start('f'), frame, node('b', 'g'), gateway('g', [way('start', 1), way('e')]), end('e')])).toEqual([
      'b',
      'g [b else e]',
      'e',
    ]);
  });

  it('keeps an end node called end, and renames another of that name', () => {
    expect(flowOf([start('a'), node('a', 'end'), end('end')])).toEqual(['a', 'end']);
    const object = definition([start('end'), node('end', 'e'), end('e')]);
    expect(outline(documentOf(object).flow)).toEqual(['end_node', 'e']);
    expect(importLegacy(object).converted).toContain(
      'The id `end` is written `end_node` (task_nodes[1].task_id; so are task_nodes[0].next_id).',
    );
  });

  it('orders a test process by its table when nothing is linked', () => {
    const row = (id: string, task_index_id: Json) => node(id, null, { task_index_id });
    const nodes = [row('c', 3), row('b', '2'), { ...start(null), task_index_id: 1 }];
    expect(flowOf(nodes, { process_type: 'test' })).toEqual(['b', 'c']);
    expect(flowOf([start('a'), node('a', null)], { process_type: 'test' })).toEqual(['a']);
  });
});

describe('ids of the older format', () => {
  it('are kept where they may be', () => {
    expect(
      flowOf([
        start('n-1'),
        node('n-1', 'A_b'),
        node('A_b', '7f3c9e0a-1b2c-4d5e-8f90-a1b2c3d4e5f6'),
        node('7f3c9e0a-1b2c-4d5e-8f90-a1b2c3d4e5f6', null),
      ]),
    ).toEqual(['n-1', 'A_b', '7f3c9e0a-1b2c-4d5e-8f90-a1b2c3d4e5f6']);
  });

  it('are rewritten where they may not, with everything that points to them', () => {
    const judged = [
      { task_id: '结束', condition: [{ condition: 'a b', task_status: 'FAILURE' }] },
      { task_id: 'a b', condition: [] },
    ];
    const nodes = [
      start('a b'),
      node('a b', 'g', { task_config: { task_strategy: 'skip' } }),
      node('a_b', null),
      gateway('g', judged, 'status'),
      end('结束'),
    ];
    const { document, converted } = importLegacy(definition(nodes));
    expect(outline(document?.flow ?? [])).toEqual(['a_b_2', 'g [node_5 else a_b_2]', 'node_5']);
    expect(document?.flow[1]).toMatchObject({ cases: [{ when: '${{ tasks.a_b_2.failed }}' }] });
    const conditions = 'task_nodes[3].method_kwargs.conditions';
    expect(converted).toContain(
      `The id \`a b\` is written \`a_b_2\` (task_nodes[1].task_id; so are task_nodes[0].next_id, ${conditions}[0].condition[0].condition, ${conditions}[1].task_id).`,
    );
  });

  it('that are too long are cut, and stay apart', () => {
    const [one, two] = ['x'.repeat(70), `${'x'.repeat(70)}y`];
    const ids = documentOf(definition([start(one), node(one, two), node(two, null)])).flow.map(({ id }) => id);
    expect(ids).toEqual(['x'.repeat(64), `${'x'.repeat(62)}_2`]);
  });
});

describe('groups of the older format', () => {
  it('run their tasks as they are listed, whatever their links say', () => {
    const document = documentOf(definition([start('g'), group('g', ['b', 'a'], 'e'), node('a', 'b'), node('b', 'a'), end('e')]));
    expect(outline(document.flow)).toEqual(['g', 'e']);
    expect(nodeOf(document, 'g')).toMatchObject({ type: 'group', flow: [{ id: 'b' }, { id: 'a' }] });
  });

  it('keep the strategy, the time-out and the callbacks of each task, and have their own', () => {
    const task = node('a', null, { task_config: { timeout: 5, task_strategy: 'skip', notice_type: 'SKIP' } });
    const nodes = [start('g'), group('g', ['a'], 'e', { task_config: { timeout: 60, task_strategy: 'skip' } }), task, end('e')];
    expect(nodeOf(documentOf(definition(nodes)), 'g')).toMatchObject({
      timeout: '1m',
      onError: 'ignore',
      flow: [{ timeout: '5s', onError: 'ignore', callbacks: [{ states: ['SKIP'] }] }],
    });
  });

  it('go on behind themselves when their next is one of their own tasks', () => {
    expect(flowOf([start('g'), group('g', ['a'], 'a'), node('a', null)])).toEqual(['g']);
  });

  it('may stand in each other, and hold a gateway with its targets', () => {
    const nested = documentOf(definition([start('g'), group('g', ['h']), group('h', ['a']), node('a', null)]));
    expect(nested.flow).toMatchObject([{ id: 'g', flow: [{ id: 'h', flow: [{ id: 'a' }] }] }]);
    const decided = nodeOf(
      documentOf(
        definition(
          [
            start('g'),
            group('g', ['c', 'a', 'b', 'z']),
            gateway('c', [way('a', 1), way('b')]),
            node('a', 'z'),
            node('b', null),
            node('z', null),
          ],
          N,
        ),
      ),
      'g',
    );
    expect(decided.type === 'group' && outline(decided.flow)).toEqual(['c [a else b]', 'a', 'z → end', 'b']);
  });
});

describe('parallel nodes of the older format', () => {
  it('have the groups they declare as branches, named after them', () => {
    const nodes = [
      start('p'),
      parallel('p', ['g1', 'g2'], 'e'),
      group('g1', ['a', 'b'], 'e'),
      group('g2', ['c'], 'e'),
      node('a', null),
      node('b', null),
      node('c', null),
      end('e'),
    ];
    const document = documentOf(definition(nodes));
    expect(outline(document.flow)).toEqual(['p', 'e']);
    expect(branchesOf(nodeOf(document, 'p'))).toEqual({ g1: ['a', 'b'], g2: ['c'] });
  });

  it.each<[string, JsonObject]>([
    ['settings', { task_config: { timeout: 60 } }],
    ['a result', { result_config: { result_key: 'a', variable_key: 'n' } }],
  ])('keep a group with %s of its own as a node', (_, more) => {
    const nodes = [start('p'), parallel('p', ['g1'], 'e'), group('g1', ['a'], 'e', more), node('a', null), end('e')];
    expect(branchesOf(nodeOf(documentOf(definition(nodes, N)), 'p'))).toEqual({ g1: ['g1'] });
  });

  it('keep a group as a node that a gateway judges', () => {
    const judged = [{ task_id: 'e', condition: [{ condition: 'g1', task_status: 'SUCCESS' }] }];
    const nodes = [start('p'), parallel('p', ['g1'], 'w'), group('g1', ['a']), node('a', null), gateway('w', judged, 'status'), end('e')];
    expect(branchesOf(nodeOf(documentOf(definition(nodes)), 'p'))).toEqual({ g1: ['g1'] });
  });

  const chains = [node('a1', 'a2'), node('a2', 'e'), node('b1', 'e'), node('c1', 'c2'), node('c2', 'c3'), node('c3', 'e'), end('e')];
  const LANES = { lane_1: ['a1', 'a2'], lane_2: ['b1'], lane_3: ['c1', 'c2', 'c3'] };

  it.each<[string, Json, Json]>([
    ['all their tasks are listed', ['a1', 'a2', 'b1', 'c1', 'c2', 'c3'], 'e'],
    ['they are listed in another order', ['a2', 'a1', 'b1', 'c3', 'c2', 'c1'], 'e'],
    ['only the first of each lane is listed', ['a1', 'b1', 'c1'], 'e'],
    ['the links of the parallel node name its lanes too', ['a1', 'b1', 'c1'], 'a1,b1,c1,e'],
    ['it has no next of its own', ['a1', 'b1', 'c1'], null],
    ['its next are its lanes', ['a1', 'b1', 'c1'], ['a1', 'b1', 'c1']],
  ])('find the lanes of plain tasks by their links when %s', (_, listed, next) => {
    const document = documentOf(definition([start('p'), parallel('p', listed, next), ...chains]));
    expect(branchesOf(nodeOf(document, 'p'))).toEqual(LANES);
    expect(outline(document.flow)).toEqual(['p', 'e']);
  });

  it('find lanes by prev_id where next_id is missing', () => {
    const nodes = [
      start('p'),
      parallel('p', ['a1', 'a2', 'b1'], 'e'),
      node('a1', null),
      node('a2', 'e', { prev_id: ['a1'] }),
      node('b1', null),
      end('e'),
    ];
    expect(branchesOf(nodeOf(documentOf(definition(nodes)), 'p'))).toEqual({ lane_1: ['a1', 'a2'], lane_2: ['b1'] });
  });

  it('end lanes before what follows the parallel node, and where they meet', () => {
    const after = [node('x', 'y'), node('y', 'e'), end('e')];
    const given = documentOf(definition([start('p'), parallel('p', ['a', 'b'], 'x'), node('a', 'x'), node('b', 'y'), ...after]));
    expect(branchesOf(nodeOf(given, 'p'))).toEqual({ lane_1: ['a'], lane_2: ['b'] });
    const met = documentOf(definition([start('p'), parallel('p', ['a', 'b']), node('a', 'x'), node('b', 'x'), ...after]));
    expect(branchesOf(nodeOf(met, 'p'))).toEqual({ lane_1: ['a'], lane_2: ['b'] });
    expect(outline(met.flow)).toEqual(['p', 'x', 'y', 'e']);
  });

  it('may be part of a loop', () => {
    const nodes = [
      start('p'),
      parallel('p', ['a', 'b'], 'g'),
      node('a', 'g'),
      node('b', 'g'),
      gateway('g', [way('p', 1), way('e')]),
      end('e'),
    ];
    const document = documentOf(definition(nodes, N));
    expect(outline(document.flow)).toEqual(['p', 'g [p else e]', 'e']);
    expect(branchesOf(nodeOf(document, 'p'))).toEqual({ lane_1: ['a'], lane_2: ['b'] });
  });

  it('take groups and plain tasks side by side', () => {
    const nodes = [start('p'), parallel('p', ['g', 'b'], 'e'), group('g', ['a']), node('a', null), node('b', 'e'), end('e')];
    expect(branchesOf(nodeOf(documentOf(definition(nodes)), 'p'))).toEqual({ g: ['a'], lane_1: ['b'] });
  });
});

describe('contradictions in the links of the older format', () => {
  const problems = (nodes: Json[]): string[] => problemsOf(importLegacy(definition(nodes, N)));

  it.each<[string, Json[], string[]]>([
    ['a next_id that leads nowhere', [start('a'), node('a', 'x')], ['error legacy.unknown-id task_nodes[1].next_id']],
    ['a prev_id that leads nowhere', [start('a'), node('a', null, { prev_id: 'x' })], ['warning legacy.unknown-id task_nodes[1].prev_id']],
    ['no start', [node('a', null)], ['error legacy.no-start task_nodes', 'warning legacy.unreachable task_nodes[0]']],
    [
      'several starts',
      [start('a'), node('a', null), { ...start('a'), task_id: 's2' }],
      ['error legacy.several-starts task_nodes[2].task_type'],
    ],
    ['an id used twice', [start('a'), node('a', null), node('a', null)], ['error legacy.duplicate-id task_nodes[2].task_id']],
    [
      'a task with two successors',
      [start('a'), node('a', ['b', 'c']), node('b', null), node('c', null)],
      ['error legacy.several-next task_nodes[1].next_id', 'warning legacy.unreachable task_nodes[3]'],
    ],
    ['a circle without a gateway', [start('a'), node('a', 'b'), node('b', 'a')], ['warning legacy.endless-loop task_nodes[2].next_id']],
    ['a node that nothing leads to', [start('a'), node('a', null), node('b', 'a')], ['warning legacy.unreachable task_nodes[2]']],
    [
      'something behind the end',
      [start('e'), { ...end('e'), next_id: 'a' }, node('a', null)],
      ['warning legacy.after-end task_nodes[1].next_id', 'warning legacy.unreachable task_nodes[2]'],
    ],
    ['a group without tasks', [start('g'), group('g', [])], ['error legacy.no-members task_nodes[1].method_kwargs.group_ids']],
    [
      'a group whose tasks are missing',
      [start('g'), group('g', ['a', 'b']), node('b', null)],
      ['error legacy.unknown-id task_nodes[1].method_kwargs.group_ids[0]'],
    ],
    [
      'a parallel node without lanes',
      [start('p'), parallel('p', null)],
      ['error legacy.no-members task_nodes[1].method_kwargs.parallel_task_ids'],
    ],
    [
      'a task in two groups',
      [start('g'), group('g', ['a'], 'h'), group('h', ['a']), node('a', null)],
      ['error legacy.shared-node task_nodes[2].method_kwargs.group_ids[0]'],
    ],
    [
      'a task twice in a group',
      [start('g'), group('g', ['a', 'a']), node('a', null)],
      ['error legacy.shared-node task_nodes[1].method_kwargs.group_ids[1]'],
    ],
    ['a group in itself', [start('g'), group('g', ['g'])], ['error legacy.shared-node task_nodes[1].method_kwargs.group_ids[0]']],
    [
      'a task inside a group that a gateway leads to',
      [start('w'), gateway('w', [way('a', 1), way('g')]), group('g', ['a']), node('a', null)],
      ['error legacy.shared-node task_nodes[3]'],
    ],
    [
      'a start inside a group',
      [start('g'), group('g', ['s2']), { ...start(null), task_id: 's2' }],
      ['error legacy.several-starts task_nodes[2].task_type', 'error legacy.not-a-member task_nodes[1].method_kwargs.group_ids[0]'],
    ],
    [
      'a gateway as a lane',
      [start('p'), parallel('p', ['w'], 'e'), gateway('w', [way('e')]), end('e')],
      ['error legacy.not-a-member task_nodes[1].method_kwargs.parallel_task_ids[0]', 'warning legacy.unreachable task_nodes[2]'],
    ],
    [
      'lanes in a circle',
      [start('p'), parallel('p', ['a', 'b'], 'e'), node('a', 'b'), node('b', 'a'), end('e')],
      [
        'error legacy.lanes-in-circle task_nodes[1].method_kwargs.parallel_task_ids',
        'warning legacy.unreachable task_nodes[2]',
        'warning legacy.unreachable task_nodes[3]',
      ],
    ],
    [
      'lanes that lead to different places',
      [start('p'), parallel('p', ['a', 'b']), node('a', 'e'), node('b', 'f'), end('e'), end('f')],
      ['error legacy.several-next task_nodes[1].next_id', 'warning legacy.unreachable task_nodes[5]'],
    ],
    [
      'a gateway that leads out of its group',
      [start('g'), group('g', ['c'], 'e'), gateway('c', [way('e')]), end('e')],
      ['error legacy.jump-out task_nodes[2].method_kwargs.conditions'],
    ],
    [
      'a task of a group with a gateway that nothing reaches',
      [start('g'), group('g', ['c', 'a', 'b']), gateway('c', [way('a')]), node('a', null), node('b', null)],
      ['warning legacy.unreachable task_nodes[4]'],
    ],
    ['a sub-process', [start('s'), node('s', null, { task_type: 'sub_process' })], ['error legacy.sub-process task_nodes[1].task_type']],
    [
      'a task type that is not known',
      [start('s'), node('s', null, { task_type: 'remote' })],
      ['error legacy.unknown-task-type task_nodes[1].task_type'],
    ],
    [
      'a module that is not known',
      [start('s'), node('s', null, { task_module: 'Jenkins', method_name: 'build' })],
      ['error legacy.unknown-module task_nodes[1].task_module'],
    ],
    [
      'a method that is not known',
      [start('s'), node('s', null, { method_name: 'test_divide' })],
      ['error legacy.unknown-module task_nodes[1].task_module'],
    ],
  ])('reports %s', (_, nodes, expected) => expect(problems(nodes)).toEqual(expected));

  it('refuses what is nested without end', () => {
    const groups = Array.from({ length: 3000 }, (_, index) => group(`g${index}`, [`g${index + 1}`]));
    expect(problems([start('g0'), ...groups, node('g3000', null)])).toEqual(['error legacy.too-deep task_nodes[66]']);
    let value: Json = [];
    for (let depth = 0; depth < 50_000; depth += 1) value = [value];
    expect(problems([start('a'), node('a', null, { method_kwargs: { value } })])).toEqual(['error legacy.too-deep ']);
  });

  it('takes the longest list of nodes', () => {
    const nodes = Array.from({ length: 10_000 }, (_, index) => node(index, index < 9999 ? index + 1 : null));
    expect(documentOf(definition([start(0), ...nodes])).flow).toHaveLength(10_000);
  });

  it('reports everything at once', () => {
    const nodes = [start('x'), node('a', 'y', { task_config: { task_strategy: 'hope' } }), node('b', null, { task_module: 'Gone' })];
    expect(problems(nodes).filter((problem) => problem.startsWith('error'))).toEqual([
      'error legacy.unknown-id task_nodes[0].next_id',
      'error legacy.unknown-id task_nodes[1].next_id',
    ]);
  });
});
