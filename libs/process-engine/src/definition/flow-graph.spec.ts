import fc from 'fast-check';
import type { NodeDocument } from './document.js';
import { nodesInCycles, successorsOf } from './flow-graph.js';
import { compiledFlow, compiledOf } from './testing/definitions.js';
import { PROBE } from './testing/examples.js';

const inCycle = (flow: string): string[] => [...compiledFlow(flow).nodes.values()].filter((node) => node.inCycle).map(({ id }) => id);

describe('a node is in a cycle when it can be reached again in the same scope', () => {
  it.each([
    ['a straight flow', '  - { id: a, uses: x }\n  - { id: b, uses: x }', []],
    ['a jump to itself', '  - { id: a, uses: x, next: a }', ['a']],
    ['a goto to itself', '  - { id: a, uses: x, onError: { goto: a } }', ['a']],
    [
      'a loop in the middle',
      '  - { id: a, uses: x }\n  - { id: b, uses: x }\n  - { id: s, type: switch, cases: [{ when: true, next: b }], default: c }\n  - { id: c, uses: x }',
      ['b', 's'],
    ],
    [
      'two loops that share a node',
      '  - { id: a, uses: x }\n  - { id: s, type: switch, cases: [{ when: true, next: a }], default: t }\n  - { id: t, type: switch, cases: [{ when: true, next: s }], default: end }',
      ['a', 's', 't'],
    ],
    ['a group in a loop, its own nodes in a new scope each time', '  - { id: g, type: group, next: g, flow: [{ id: a, uses: x }] }', ['g']],
    ['a loop inside of a group', '  - { id: g, type: group, flow: [{ id: a, uses: x, next: a }] }', ['a']],
  ])('%s', (_, flow, expected) => {
    expect(inCycle(flow)).toEqual(expected);
  });

  it('the probe goes round', () => {
    expect([...compiledOf(PROBE).compiled.nodes.values()].filter((node) => node.inCycle).map(({ id }) => id)).toEqual([
      'probe',
      'again',
      'decide',
      'pause',
    ]);
  });

  it('as a walk from every node would find it', () => {
    const flow = fc
      .array(fc.tuple(fc.nat(9), fc.nat(9), fc.constantFrom('task', 'jump', 'switch')), { minLength: 1, maxLength: 10 })
      .map((rows) =>
        rows.map(([first, second, kind], index): NodeDocument => {
          const target = (number: number): string => `n${number % rows.length}`;
          if (kind === 'switch')
            return { id: `n${index}`, type: 'switch', cases: [{ when: true, next: target(first) }], default: target(second) };
          return { id: `n${index}`, type: 'task', uses: 'x', ...(kind === 'jump' && { next: target(first) }) };
        }),
      );
    fc.assert(
      fc.property(flow, (nodes) => {
        const successors = successorsOf(nodes);
        const reaches = (from: string): Set<string> => {
          const seen = new Set<string>();
          const open = [...(successors.get(from) ?? [])];
          for (let id = open.pop(); id !== undefined; id = open.pop()) {
            if (seen.has(id)) continue;
            seen.add(id);
            open.push(...(successors.get(id) ?? []));
          }
          return seen;
        };
        const expected = nodes.map(({ id }) => id).filter((id) => reaches(id).has(id));
        expect([...nodesInCycles(nodes)].sort()).toEqual(expected.sort());
      }),
      { numRuns: 500 },
    );
  });

  it('a flow of 10,000 nodes in one ring is no matter', () => {
    const nodes = Array.from({ length: 10_000 }, (_, index): NodeDocument => ({
      id: `n${index}`,
      type: 'task',
      uses: 'x',
      ...(index === 9_999 && { next: 'n0' }),
    }));
    expect(nodesInCycles(nodes).size).toBe(10_000);
  });
});
