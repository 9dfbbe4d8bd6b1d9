import { problemsOf, problemsOfFlow, withFlow } from '../testing/definitions.js';
import { readDefinition } from '../read-definition.js';

const codes = (flow: string) => problemsOfFlow(flow).map((problem) => problem.replace(/: .*/s, ''));

describe('ids', () => {
  it('are unique in the whole process', () => {
    const flow = `  - { id: a, uses: x }
  - { id: g, type: group, flow: [{ id: a, uses: x }] }
  - { id: p, type: parallel, branches: { one: [{ id: g, uses: x }] } }`;
    expect(problemsOfFlow(flow)).toEqual([
      'definition.duplicate-id flow[1].flow[0].id: the id `a` is taken by a node in `flow`; ids are unique in the process',
      'definition.duplicate-id flow[2].branches.one[0].id: the id `g` is taken by a node in `flow`; ids are unique in the process',
    ]);
  });

  it.each(['build', 'Build-2', '007', '_', '-'])('%s is an id', (id) => {
    expect(problemsOfFlow(`  - { id: "${id}", uses: x }`)).toEqual([]);
  });
});

describe('jumps', () => {
  it.each([
    [
      'next to nowhere',
      '  - { id: first, uses: x, next: secnd }\n  - { id: second, uses: x }',
      'definition.unknown-node flow[0].next: there is no node `secnd` in this flow; did you mean `second`?',
    ],
    [
      'a case to nowhere',
      '  - { id: s, type: switch, cases: [{ when: true, next: gone }] }',
      'definition.unknown-node flow[0].cases[0].next: there is no node `gone` in this flow',
    ],
    [
      'a default to nowhere',
      '  - { id: s, type: switch, cases: [], default: gone }',
      'definition.unknown-node flow[0].default: there is no node `gone` in this flow',
    ],
    [
      'goto to nowhere',
      '  - { id: a, uses: x, onError: { goto: gone } }',
      'definition.unknown-node flow[0].onError.goto: there is no node `gone` in this flow',
    ],
    [
      'into a group',
      '  - { id: a, uses: x, next: inner }\n  - { id: g, type: group, flow: [{ id: inner, uses: x }] }',
      'definition.jump-out-of-flow flow[0].next: `inner` stands in another flow (`flow[1].flow`); a jump stays in its own, or goes to `end`',
    ],
    [
      'out of a branch',
      '  - { id: p, type: parallel, branches: { one: [{ id: a, uses: x, next: after }] } }\n  - { id: after, uses: x }',
      'definition.jump-out-of-flow flow[0].branches.one[0].next: `after` stands in another flow (`flow`); a jump stays in its own, or goes to `end`',
    ],
    [
      'from the flow into teardown',
      '  - { id: a, uses: x, onError: { goto: clean } }\nteardown:\n  - { id: clean, uses: x }',
      'definition.jump-out-of-flow flow[0].onError.goto: `clean` stands in another flow (`teardown`); a jump stays in its own, or goes to `end`',
    ],
  ])('%s', (_, flow, problem) => {
    expect(problemsOfFlow(flow)).toContain(problem);
  });

  it('to `end`, back, to itself and to a node called `end` are fine', () => {
    expect(codes('  - { id: a, uses: x, next: end, onError: { goto: a } }')).toEqual([]);
    expect(codes('  - { id: a, uses: x }\n  - { id: b, uses: x, next: a }')).toEqual([]);
    expect(codes('  - { id: s, type: switch, cases: [{ when: true, next: end }], default: s }')).toEqual([]);
    expect(codes('  - { id: a, uses: x, next: end }\n  - { id: end, type: end }')).toEqual([]);
  });
});

describe('nodes that nothing leads to', () => {
  it.each([
    ['after a jump', '  - { id: a, uses: x, next: end }\n  - { id: b, uses: x }\n  - { id: c, uses: x }', ['flow[1]', 'flow[2]']],
    ['after an end', '  - { id: a, type: end }\n  - { id: b, uses: x }', ['flow[1]']],
    [
      'after a switch that goes elsewhere',
      '  - { id: s, type: switch, cases: [{ when: true, next: c }], default: end }\n  - { id: b, uses: x }\n  - { id: c, uses: x }',
      ['flow[1]'],
    ],
    [
      'a ring of their own',
      '  - { id: a, uses: x, next: end }\n  - { id: b, uses: x, next: c }\n  - { id: c, uses: x, next: b }',
      ['flow[1]', 'flow[2]'],
    ],
    [
      'inside of a branch',
      '  - { id: p, type: parallel, branches: { one: [{ id: a, type: end }, { id: b, uses: x }] } }',
      ['flow[0].branches.one[1]'],
    ],
  ])('%s', (_, flow, paths) => {
    expect(codes(flow)).toEqual(paths.map((path) => `definition.unreachable ${path}`));
  });

  it.each([
    ['reached by goto', '  - { id: a, uses: x, onError: { goto: b } , next: end }\n  - { id: b, uses: x }'],
    ['reached by default', '  - { id: s, type: switch, cases: [], default: b }\n  - { id: b, uses: x }'],
    ['after a switch whose failure is ignored', '  - { id: s, type: switch, cases: [], onError: ignore }\n  - { id: b, uses: x }'],
    ['after an end that may be disabled', '  - { id: e, type: end, disabled: "${{ params.version == null }}" }\n  - { id: b, uses: x }'],
  ])('%s is reached', (_, flow) => {
    expect(codes(flow)).toEqual([]);
  });
});

describe('a way of a switch that runs on into another one', () => {
  const flow = (second: string) => `  - id: s
    type: switch
    cases: [{ when: true, next: one }]
    default: two
  - { id: one, uses: x${second} }
  - { id: two, uses: x }`;

  it('is a warning', () => {
    const { problems } = readDefinition(withFlow(flow('')));
    expect(problems).toEqual([
      expect.objectContaining({
        severity: 'warning',
        code: 'definition.runs-on',
        path: 'flow[1]',
        line: 11,
        message: 'after `one` the flow runs on into `two`, another way of `s`; write `next` to say where it goes',
      }),
    ]);
  });

  it('is none when it says where it goes', () => {
    expect(codes(flow(', next: two'))).toEqual([]);
    expect(codes(flow(', next: end'))).toEqual([]);
  });

  it('is none for a loop back or for the way right behind the switch', () => {
    expect(
      codes('  - { id: a, uses: x }\n  - { id: b, uses: x }\n  - { id: s, type: switch, cases: [{ when: false, next: b }], default: end }'),
    ).toEqual([]);
    expect(
      codes('  - { id: s, type: switch, cases: [{ when: false, next: b }], default: end }\n  - { id: b, uses: x }\n  - { id: c, uses: x }'),
    ).toEqual([]);
  });
});

describe('shapes', () => {
  it.each([
    ['  - { id: d, type: delay }', 'definition.invalid-value flow[0]: `d` needs exactly one of `for` and `until`'],
    [
      '  - { id: d, type: delay, for: 5s, until: "2026-01-01T00:00:00Z" }',
      'definition.invalid-value flow[0]: `d` needs exactly one of `for` and `until`',
    ],
    ['  - { id: a, type: assign }', 'definition.missing-key flow[0]: `a` sets nothing; write `set: { variable: value }`'],
    ['  - { id: p, type: parallel, branches: {} }', 'definition.missing-key flow[0].branches: `p` has no branches'],
    [
      '  - { id: p, type: parallel, join: 2, branches: { a: [{ id: a, uses: x }] } }',
      'definition.invalid-value flow[0].join: `p` waits for 2 branches and has 1',
    ],
  ])('%s', (flow, problem) => {
    expect(problemsOfFlow(flow)).toEqual([problem]);
  });
});

describe('size', () => {
  const nested = (depth: number) => {
    let flow = '{ id: leaf, uses: x }';
    for (let level = 0; level < depth; level += 1) flow = `{ id: g${level}, type: group, flow: [${flow}] }`;
    return `  - ${flow}`;
  };

  it('16 containers in each other are allowed, 17 are not', () => {
    expect(codes(nested(16))).toEqual([]);
    expect(codes(nested(17))).toEqual([expect.stringMatching(/^definition.nested-too-deeply flow/)]);
  });

  it('10,000 nodes are allowed, one more is not', () => {
    const document = (nodes: number) => ({
      apiVersion: 'orderlines/v1',
      kind: 'Process',
      name: 'many',
      flow: Array.from({ length: nodes }, (_, index) => ({ id: `n${index}`, uses: 'x' })),
    });
    expect(readDefinition(JSON.stringify(document(10_001))).problems.map(({ message }) => message)).toEqual([
      'a process has 10000 nodes at most, this one has 10001',
    ]);
  });
});

it('thousands of mistakes are counted, and the first of them told with their places', () => {
  const text = Array.from(
    { length: 1_000 },
    (_, index) => `  - { id: n${index}, type: assign, set: { v: "\${{ vars.x }}" }, next: gone${index} }`,
  );
  const problems = problemsOf(`apiVersion: orderlines/v1\nkind: Process\nname: many\nflow:\n${text.join('\n')}`);
  expect(problems).toHaveLength(201);
  expect(problems[0]).toMatch(/^5:\d+ error definition/);
  expect(problems.at(-1)).toMatch(/and \d{4,} more$/);
});
