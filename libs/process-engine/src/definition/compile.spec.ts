import type { CompiledNode } from './compiled.js';
import { compile } from './compile.js';
import { ExpressionError } from '../variables/template.js';
import { compiledFlow, compiledOf } from './testing/definitions.js';
import { NIGHTLY, PROBE, RELEASE } from './testing/examples.js';

const nodeOf = <Type extends CompiledNode['type']>(
  process: ReturnType<typeof compiledFlow>,
  id: string,
  type: Type,
): Extract<CompiledNode, { type: Type }> => {
  const node = process.nodes.get(id);
  if (node?.type !== type) throw new Error(`no ${type} ${id}`);
  return node as Extract<CompiledNode, { type: Type }>;
};

describe('flows', () => {
  it('have a key, an owner, a section and a first node', () => {
    const { flows } =
      compiledFlow(`  - { id: g, type: group, setup: [{ id: s, uses: x }], flow: [{ id: a, uses: x }, { id: b, uses: x }], teardown: [] }
  - { id: p, type: parallel, branches: { one: [{ id: c, uses: x }], empty: [] } }
teardown: [{ id: t, uses: x }]`);
    expect([...flows.values()]).toEqual([
      { key: 'setup', owner: null, section: 'setup', first: null, nodeIds: [] },
      { key: 'flow', owner: null, section: 'flow', first: 'g', nodeIds: ['g', 'p'] },
      { key: 'g/setup', owner: 'g', section: 'setup', first: 's', nodeIds: ['s'] },
      { key: 'g/flow', owner: 'g', section: 'flow', first: 'a', nodeIds: ['a', 'b'] },
      { key: 'g/teardown', owner: 'g', section: 'teardown', first: null, nodeIds: [] },
      { key: 'p/branches/one', owner: 'p', section: 'branches/one', first: 'c', nodeIds: ['c'] },
      { key: 'p/branches/empty', owner: 'p', section: 'branches/empty', first: null, nodeIds: [] },
      { key: 'teardown', owner: null, section: 'teardown', first: 't', nodeIds: ['t'] },
    ]);
  });

  it('know the node that follows, by order or by jump', () => {
    const { nodes } = compiledFlow(`  - { id: a, uses: x, next: c }
  - { id: b, uses: x, next: end }
  - { id: c, uses: x, onError: { goto: b } }
  - { id: d, type: switch, cases: [{ when: true, next: end }, { name: back, when: false, next: a }], default: e }
  - { id: e, type: end }`);
    expect([...nodes.values()].map(({ id, flow, next }) => [id, flow, next])).toEqual([
      ['a', 'flow', 'c'],
      ['b', 'flow', null],
      ['c', 'flow', 'd'],
      ['d', 'flow', 'e'],
      ['e', 'flow', null],
    ]);
    expect(nodes.get('d')).toMatchObject({ cases: [{ next: null }, { name: 'back', next: 'a' }], default: 'e' });
    expect(nodes.get('c')?.onError).toEqual({ goto: 'b' });
  });

  it('a node called `end` is meant before the end of the flow', () => {
    const { nodes } = compiledFlow('  - { id: a, uses: x, next: end }\n  - { id: end, type: end, status: FAILURE }');
    expect(nodes.get('a')?.next).toBe('end');
  });
});

describe('nodes', () => {
  it('a task has its defaults filled in but what it does on an error, which a system parameter says', () => {
    expect(nodeOf(compiledFlow('  - { id: a, uses: shell }'), 'a', 'task')).toEqual({
      id: 'a',
      name: 'a',
      flow: 'flow',
      next: null,
      inCycle: false,
      type: 'task',
      uses: 'shell',
      with: { kind: 'literal', value: {} },
      queue: 'default',
      callbacks: [],
      set: [],
    });
  });

  it('takes the queue of the process, and its callbacks that of the node', () => {
    const flow =
      '  - { id: a, uses: x }\n  - { id: b, uses: x, queue: gpu, callbacks: [{ states: [SKIP], uses: log }] }\n  - { id: c, type: assign, set: { count: 1 }, callbacks: [{ states: [SKIP], uses: log }] }';
    const compiled = compiledFlow(flow, 'queue: cpu\ncallbacks: [{ states: [STOP], uses: log, with: { message: x } }]\n');
    expect(nodeOf(compiled, 'a', 'task').queue).toBe('cpu');
    expect(nodeOf(compiled, 'b', 'task')).toMatchObject({
      queue: 'gpu',
      callbacks: [{ queue: 'gpu', states: ['SKIP'], uses: 'log', with: { kind: 'literal', value: {} } }],
    });
    expect(compiled.nodes.get('c')?.callbacks[0]?.queue).toBe('cpu');
    expect(compiled.callbacks).toEqual([
      { states: ['STOP'], uses: 'log', queue: 'cpu', with: { kind: 'literal', value: { message: 'x' } } },
    ]);
  });

  it('literal durations are milliseconds, others stay expressions', () => {
    const compiled = compiledFlow(
      '  - { id: a, uses: x, timeout: 1m30s, queueTimeout: "${{ vars.count }}", heartbeatTimeout: "${{ vars.count }}s", retry: { limit: 2, delay: 2s, maxDelay: 1m, budget: 1h } }',
      'timeout: 2h\n',
    );
    expect(nodeOf(compiled, 'a', 'task')).toMatchObject({
      timeout: { kind: 'literal', value: 90_000 },
      queueTimeout: { kind: 'expression' },
      heartbeatTimeout: { kind: 'text' },
      retry: { delay: { value: 2_000 }, maxDelay: { value: 60_000 }, budget: { value: 3_600_000 } },
    });
    expect(compiled.timeout).toEqual({ kind: 'literal', value: 7_200_000 });
  });

  it('a retry has its defaults filled in', () => {
    const { retry } = nodeOf(compiledFlow('  - { id: a, uses: x, retry: { limit: 3 } }'), 'a', 'task');
    expect(retry).toEqual({ limit: 3, delay: { kind: 'literal', value: 1_000 }, backoff: 'fixed', factor: 2, jitter: 0 });
    expect(compiledFlow('  - { id: g, type: group, retry: { limit: 3 }, flow: [] }').nodes.get('g')?.retry).toEqual(retry);
    const full = nodeOf(
      compiledFlow(
        '  - { id: a, uses: x, retry: { limit: 0, backoff: linear, factor: 3, jitter: 0.5, reasons: [infra], when: "${{ event.attempt < 2 }}" } }',
      ),
      'a',
      'task',
    ).retry;
    expect(full).toMatchObject({ backoff: 'linear', factor: 3, jitter: 0.5, reasons: ['infra'] });
    expect(full?.when?.evaluate({ event: { attempt: 1 } })).toBe(true);
  });

  it('sends the tasks inside a parallel with the cpu runner to the queue beside theirs, callbacks to theirs', () => {
    const compiled = compiledFlow(`  - id: p
    type: parallel
    runner: cpu
    branches:
      a:
        - { id: plain, uses: x, callbacks: [{ states: [SUCCESS], uses: log, with: { message: x } }] }
        - { id: g, type: group, flow: [{ id: nested, uses: x, queue: big }] }
      b:
        - { id: q, type: parallel, branches: { c: [{ id: inherited, uses: x }] } }
        - { id: r, type: parallel, runner: io, branches: { d: [{ id: back, uses: x }] } }
  - { id: after, uses: x }`);
    const queues = ['plain', 'nested', 'inherited', 'back', 'after'].map((id) => nodeOf(compiled, id, 'task').queue);
    expect(queues).toEqual(['default-cpu', 'big-cpu', 'default-cpu', 'default', 'default']);
    expect(compiled.nodes.get('plain')?.callbacks[0]?.queue).toBe('default');
  });

  it('containers, delays and ends', () => {
    const compiled = compiledFlow(`  - { id: p, type: parallel, branches: { a: [{ id: a, uses: x }], b: [{ id: b, uses: x }] } }
  - { id: q, type: parallel, maxConcurrency: 1, join: any, failFast: false, runner: cpu, branches: { c: [{ id: c, uses: x }] } }
  - { id: g, type: group, workspace: run, outputs: { x: 1 }, flow: [{ id: d, uses: x }] }
  - { id: w, type: delay, for: 5s }
  - { id: u, type: delay, until: "2026-01-01T00:00:00Z" }
  - { id: e, type: end, message: done }`);
    expect(nodeOf(compiled, 'p', 'parallel')).toMatchObject({
      branches: ['a', 'b'],
      maxConcurrency: 100,
      join: 'all',
      failFast: true,
    });
    expect(nodeOf(compiled, 'q', 'parallel')).toMatchObject({ maxConcurrency: 1, join: 'any', failFast: false });
    expect(nodeOf(compiled, 'g', 'group')).toMatchObject({ workspace: true, outputs: { kind: 'literal', value: { x: 1 } } });
    expect(nodeOf(compiled, 'w', 'delay').for).toEqual({ kind: 'literal', value: 5_000 });
    expect(nodeOf(compiled, 'u', 'delay').until).toEqual({ kind: 'literal', value: '2026-01-01T00:00:00Z' });
    expect(nodeOf(compiled, 'e', 'end')).toMatchObject({ status: 'SUCCESS', message: { kind: 'literal', value: 'done' } });
  });

  it('set keeps its order', () => {
    expect(
      compiledFlow('  - { id: a, type: assign, set: { tags: [1], count: "${{ vars.count + 1 }}" } }')
        .nodes.get('a')
        ?.set.map(([name, { kind }]) => [name, kind]),
    ).toEqual([
      ['tags', 'literal'],
      ['count', 'expression'],
    ]);
  });
});

describe('the process', () => {
  it('has its defaults filled in', () => {
    const { compiled } = compiledOf('apiVersion: orderlines/v1\nkind: Process\nname: small\nflow: []\n');
    expect(compiled).toEqual({
      namespace: 'default',
      name: 'small',
      nodes: new Map(),
      flows: expect.any(Map) as unknown,
      params: [],
      variables: [],
      config: new Set(),
      secrets: new Set(),
      onError: 'raise',
      callbacks: [],
      workspace: false,
      maxVisits: 1_000,
      referenced: new Set(),
    });
  });

  it('keeps params and variables as declared', () => {
    const { compiled } = compiledOf(RELEASE);
    expect(compiled.params).toMatchObject([
      { name: 'version', type: 'string', required: true, pattern: '^v\\d+\\.\\d+\\.\\d+$' },
      { name: 'environment', required: false, enum: ['staging', 'production'], default: { kind: 'literal', value: 'staging' } },
    ]);
    expect(compiled.variables).toEqual([
      { name: 'regions', type: 'list', value: ['eu', 'us'] },
      { name: 'digest', type: 'string', value: null },
    ]);
    expect(compiled).toMatchObject({ namespace: 'shop', workspace: true, timeout: { value: 86_400_000 } });
  });

  it('`$${{` in a variable is a literal `${{`', () => {
    const { compiled } = compiledOf(
      'apiVersion: orderlines/v1\nkind: Process\nname: x\nvariables: [{ name: a, type: list, value: ["$${{ b }}"] }]\nflow: []\n',
    );
    expect(compiled.variables[0]?.value).toEqual(['${{ b }}']);
  });

  it.each([
    ['the release', RELEASE, ['unit', 'deploy']],
    ['the nightly load', NIGHTLY, ['load_eu', 'load_us']],
    ['the loop', PROBE, ['probe']],
  ])('of %s the nodes that expressions read are known', (_, text, expected) => {
    expect([...compiledOf(text).compiled.referenced].sort()).toEqual([...expected].sort());
  });

  it('throws what validation would have named', () => {
    const { document } = compiledOf(PROBE);
    expect(() => compile({ ...document, outputs: { a: '${{ 1 + }}' } })).toThrow(ExpressionError);
  });
});
