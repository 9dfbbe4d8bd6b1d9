import { describe, expect, it } from '@jest/globals';
import { problemsOf } from '../testing/definitions.js';

const head = 'apiVersion: orderlines/v1\nkind: Process\nname: test\n';
const problemsOfDag = (nodes: string): string[] => problemsOf(`${head}type: dag\nflow:\n${nodes}`);
const problemsOfFlow = (nodes: string): string[] => problemsOf(`${head}flow:\n${nodes}`);

describe('the nodes of a dag', () => {
  it('need each other in any order without a circle', () => {
    expect(problemsOfDag('  - { id: b, type: delay, for: 1s, needs: [a] }\n  - { id: a, type: delay, for: 1s }')).toEqual([]);
  });

  it('name nodes of the same dag', () => {
    expect(problemsOfDag('  - { id: first, type: delay, for: 1s }\n  - { id: b, type: delay, for: 1s, needs: [frist] }')).toEqual([
      '7:44 error definition.unknown-node flow[1].needs[0]: there is no node `frist` in this dag; did you mean `first`?',
    ]);
  });

  it('do not need each other in a circle, nor themselves', () => {
    const nodes = ['a', 'b', 'c'].map((id, index) => `  - { id: ${id}, type: delay, for: 1s, needs: [${'bca'[index] ?? ''}] }`).join('\n');
    expect(problemsOfDag(nodes)).toEqual([
      '6:44 error definition.cycle flow[0].needs[0]: these nodes need each other, so none of them could start: `a` needs `b` needs `c` needs `a`',
    ]);
    expect(problemsOfDag('  - { id: a, type: delay, for: 1s, needs: [a] }')).toHaveLength(1);
  });

  it.each([
    ['{ id: a, type: delay, for: 1s, next: b }', 'definition.jump-in-dag flow[0].next'],
    ['{ id: a, type: delay, for: 1s, onError: { goto: b } }', 'definition.jump-in-dag flow[0].onError.goto'],
    ['{ id: a, type: switch, cases: [], default: b }', 'definition.jump-in-dag flow[0].type'],
    ['{ id: a, type: end }', 'definition.jump-in-dag flow[0].type'],
  ])('do not jump: %s', (node, place) => {
    const [problem = ''] = problemsOfDag(`  - ${node}\n  - { id: b, type: delay, for: 1s }`);
    expect(problem).toContain(` error ${place}:`);
  });

  it('may be groups whose flows jump', () => {
    expect(
      problemsOfDag('  - { id: g, type: group, flow: [{ id: s, type: switch, cases: [], default: end }, { id: e, type: end }] }'),
    ).toHaveLength(1);
  });

  it.each(['needs: [a]', 'when: true', 'trigger: all_done'])('only have %s', (key) => {
    const [problem = ''] = problemsOfFlow(`  - { id: a, type: delay, for: 1s }\n  - { id: b, type: delay, for: 1s, ${key} }`);
    expect(problem).toMatch(/^6:\d+ error definition\.only-in-dag flow\[1\]\.\w+: `\w+` of `b` is for nodes of a dag/);
  });
});

describe('a foreach', () => {
  const foreach = (keys: string): string => `  - { id: all, type: foreach, flow: [{ id: a, type: delay, for: 1s }], ${keys} }`;

  it.each(['items: [1]', 'items: { a: 1 }', 'items: "${{ [1] }}"', 'items: [1], maxFailures: 10%', 'items: [1], maxFailures: 2'])(
    'has %s',
    (keys) => {
      expect(problemsOfFlow(foreach(keys))).toEqual([]);
    },
  );

  it.each([
    ['items: 7', 'definition.items flow[0].items'],
    ['items: "a ${{ 1 }}"', 'definition.items flow[0].items'],
    ['items: [1], as: tasks', 'definition.invalid-value flow[0].as'],
    ['items: [1], as: index', 'definition.invalid-value flow[0].as'],
    ['items: [1], maxFailures: 101%', 'definition.invalid-value flow[0].maxFailures'],
    ['items: [1], concurrency: 1001', 'definition.invalid-value flow[0].concurrency'],
  ])('has not %s', (keys, place) => {
    const problems = problemsOfFlow(foreach(keys));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(` error ${place}:`);
  });

  const inside = (expression: string, keys = ''): string[] =>
    problemsOfFlow(
      `  - { id: all, type: foreach, items: [1], ${keys} flow: [{ id: a, type: assign, set: { v: "\${{ ${expression} }}" } }] }\nvariables: [{ name: v, type: any }]`,
    );

  it('gives its flow an item and its index, by the name that it says', () => {
    expect(inside('[item, index]')).toEqual([]);
    expect(inside('[x, index]', 'as: x,')).toEqual([]);
    expect(inside('item', 'as: x,')[0]).toContain('`item` is not known');
  });

  it('keeps its nodes to the same item; teardowns and callbacks see them', () => {
    const after = (place: string): string[] =>
      problemsOf(`${head}variables: [{ name: v, type: any }]\nflow:\n${foreach('items: [1]')}\n${place}`);
    const node = (id: string): string => `- { id: ${id}, type: assign, set: { v: "\${{ tasks.a.status }}" } }`;
    expect(after(`  ${node('b')}`)[0]).toContain(
      '`a` runs once for each item of `all` and is read inside the same item only; read `tasks.all.result` here',
    );
    expect(after(`teardown:\n  ${node('b')}`)).toEqual([]);
    expect(inside('tasks.a.status')).toEqual([]);
  });
});

describe('an approval in a dag', () => {
  it.each(['onReject: after', 'deadline: 1h, onDeadline: after', 'onReject: end'])('does not jump: %s', (keys) => {
    const problems = problemsOfDag(`  - { id: ask, type: approval, users: [alice], ${keys} }\n  - { id: after, type: delay, for: 1s }`);
    expect(problems).toEqual([
      expect.stringMatching(/error definition\.jump-in-dag flow\[0\]\.on(Reject|Deadline): nodes of a dag do not jump/),
    ]);
  });

  it('may fail for being rejected or late', () => {
    expect(problemsOfDag('  - { id: ask, type: approval, users: [alice], onReject: fail, deadline: 1h, onDeadline: fail }')).toEqual([]);
  });
});
