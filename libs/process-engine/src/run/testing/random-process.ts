import fc from 'fast-check';
import type { Json, JsonObject } from '@orderlines/contracts';
import { compile } from '../../definition/compile.js';
import type { CompiledProcess } from '../../definition/compiled.js';
import { processDocumentSchema } from '../../definition/document.js';
import { args, callbacks, disabled, outputs, repeated, strategy } from './random-strategies.js';

/** A node before it has an id: jumps are numbers, taken modulo the flow's length. */
interface Sketch {
  readonly keys: JsonObject;
  readonly jump?: number;
  readonly failsTo?: number;
  /** Where an approval that is not given goes on. */
  readonly refused?: Readonly<Record<string, number | 'fail'>>;
  readonly flows?: Readonly<Record<string, readonly Sketch[]>>;
  readonly branches?: readonly (readonly Sketch[])[];
  readonly graph?: readonly GraphSketch[];
}

/** A node of a dag: what it needs are numbers, taken modulo the nodes before it in the list. */
interface GraphSketch {
  readonly sketch: Sketch;
  readonly needs: readonly number[];
  readonly keys: JsonObject;
}

const somewhere = fc.nat(20);
const somewhereOrFail = () => fc.option(somewhere, { nil: 'fail' as const });

/** Keys that a node has or has not. */
const perhaps = (...keys: readonly JsonObject[]): fc.Arbitrary<JsonObject> => fc.constantFrom<JsonObject>({}, ...keys);

const task = fc
  .record({
    onError: strategy,
    disabled,
    callbacks,
    timeout: fc.constantFrom('5s', '1m'),
    with: args,
    retry: repeated,
    limits: perhaps({ queueTimeout: '10s' }, { heartbeatTimeout: '3s' }),
    repeatable: perhaps({}, { idempotent: true }, { idempotent: false }),
    failsTo: somewhere,
  })
  .map(({ retry, limits, repeatable, failsTo, ...keys }): Sketch => ({
    keys: { type: 'task', uses: 'log', ...keys, ...retry, ...limits, ...repeatable, set: { n: '${{ vars.n + 1 }}' } },
    failsTo,
  }));
const assign = fc.constant<Sketch>({ keys: { type: 'assign', set: { n: '${{ vars.n + 1 }}' } } });
const delay = fc
  .record({ disabled, until: fc.constantFrom<JsonObject>({ for: '3s' }, { for: '${{ vars.n }}' }, { until: '1970-01-01T00:00:20Z' }) })
  .map(({ until, ...keys }): Sketch => ({ keys: { type: 'delay', ...until, ...keys } }));
const approval = fc
  .record({
    quorum: fc.constantFrom<Json>('any', 'all', 2),
    candidates: fc.constantFrom<JsonObject>(
      { users: ['alice', 'bob'] },
      { users: ['alice', 'tester', 'carol'] },
      { users: ['alice'], roles: ['judge'] },
      { groups: '${{ ["night", "day"] }}', users: ['bob'] },
    ),
    noSelfApproval: fc.boolean(),
    onReject: somewhereOrFail(),
    onDeadline: somewhereOrFail(),
    retry: repeated,
    onError: strategy,
    callbacks,
    failsTo: somewhere,
  })
  .map(({ candidates, onReject, onDeadline, retry, failsTo, ...keys }): Sketch => ({
    keys: { type: 'approval', ...candidates, ...keys, deadline: '8s', ...retry },
    failsTo,
    refused: { onReject, onDeadline },
  }));
const wait = fc
  .record({ retry: repeated, onError: strategy, timeout: fc.constantFrom('2s', '9s'), failsTo: somewhere })
  .map(({ retry, failsTo, ...keys }): Sketch => ({
    keys: { type: 'wait', signal: 'go', key: '${{ vars.n }}', ...keys, ...retry },
    failsTo,
  }));
const child = fc
  .record({
    retry: repeated,
    onError: strategy,
    timeout: fc.constantFrom('500ms', '9s'),
    wait: fc.boolean(),
    callbacks,
    failsTo: somewhere,
  })
  .map(({ retry, failsTo, ...keys }): Sketch => ({
    keys: { type: 'process', process: 'other', inputs: { n: '${{ vars.n }}' }, ...keys, ...retry },
    failsTo,
  }));
const end = fc.constantFrom('SUCCESS', 'FAILURE').map((status): Sketch => ({ keys: { type: 'end', status } }));
const gateway = fc
  .record({
    jump: somewhere,
    when: fc.constantFrom('${{ vars.n < 5 }}', '${{ vars.n % 2 == 0 }}', '${{ tasks.n0.failed }}', '${{ tasks.n1.status == "SUCCESS" }}'),
    ignore: fc.boolean(),
  })
  .map(({ jump, when, ignore }): Sketch => ({
    keys: { type: 'switch', cases: [{ when, next: '' }], onError: ignore ? 'ignore' : 'raise' },
    jump,
  }));

const needed = fc.record({
  needs: fc.array(somewhere, { maxLength: 3 }),
  keys: fc.record(
    {
      trigger: fc.constantFrom<Json>('all_success', 'all_done', 'one_success', 'none_failed'),
      when: fc.constantFrom<Json>(true, '${{ vars.n % 2 == 0 }}', '${{ tasks.n0.failed }}'),
    },
    { requiredKeys: [] },
  ),
});

const { flow, graph } = fc.letrec<{
  flow: Sketch[];
  node: Sketch;
  group: Sketch;
  parallel: Sketch;
  foreach: Sketch;
  dag: Sketch;
  graph: GraphSketch[];
}>((tie) => ({
  flow: fc.array(tie('node'), { maxLength: 4, depthIdentifier: 'nesting' }),
  node: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'nesting' },
    { weight: 6, arbitrary: task },
    { weight: 2, arbitrary: gateway },
    { weight: 1, arbitrary: assign },
    { weight: 1, arbitrary: delay },
    { weight: 1, arbitrary: approval },
    { weight: 1, arbitrary: wait },
    { weight: 1, arbitrary: child },
    { weight: 1, arbitrary: end },
    { weight: 2, arbitrary: tie('group') },
    { weight: 3, arbitrary: tie('parallel') },
    { weight: 2, arbitrary: tie('foreach') },
    { weight: 2, arbitrary: tie('dag') },
  ),
  foreach: fc
    .record({
      items: fc.constantFrom<Json>([], [1], [1, 2, 3], { a: 1, b: 2 }, '${{ [vars.n, vars.n + 1] }}', '${{ vars.n }}'),
      concurrency: fc.integer({ min: 1, max: 3 }),
      maxFailures: fc.constantFrom<Json>(0, 1, '50%', '100%'),
      body: tie('flow'),
      onError: strategy,
      retry: repeated,
      limits: perhaps({ timeout: '20s' }),
      failsTo: somewhere,
      callbacks,
    })
    .map(({ body, failsTo, retry, limits, ...keys }): Sketch => ({
      keys: { type: 'foreach', ...keys, ...retry, ...limits, outputs: { n: '${{ [index, item] }}' } },
      failsTo,
      flows: { flow: body },
    })),
  dag: fc
    .record({
      graph: tie('graph'),
      onError: strategy,
      retry: repeated,
      timeout: fc.constantFrom('4s', '1h'),
      gives: outputs,
      failsTo: somewhere,
      callbacks,
    })
    .map(({ graph: nodes, failsTo, retry, gives, ...keys }): Sketch => ({
      keys: { type: 'dag', ...keys, ...retry, ...gives },
      failsTo,
      graph: nodes,
    })),
  graph: fc.array(
    fc.record({ sketch: tie('node'), needed }).map(({ sketch, needed: more }): GraphSketch => ({ sketch: withoutJumps(sketch), ...more })),
    { maxLength: 5, depthIdentifier: 'nesting' },
  ),
  group: fc
    .record({
      flow: tie('flow'),
      setup: fc.array(task, { maxLength: 1 }),
      teardown: fc.array(task, { maxLength: 2 }),
      onError: strategy,
      timeout: fc.constantFrom('4s', '1h'),
      retry: repeated,
      gives: outputs,
      shared: perhaps({ workspace: 'run' }),
      failsTo: somewhere,
      callbacks,
    })
    .map(({ flow: body, setup, teardown, shared, retry, gives, failsTo, ...keys }): Sketch => ({
      keys: { type: 'group', ...keys, ...retry, ...gives, ...shared },
      failsTo,
      flows: { setup, flow: body, teardown },
    })),
  parallel: fc
    .record({
      branches: fc.array(tie('flow'), { minLength: 1, maxLength: 4 }),
      join: fc.constantFrom<Json>('all', 'all', 'any', 1, 2),
      failFast: fc.boolean(),
      maxConcurrency: fc.integer({ min: 1, max: 3 }),
      onError: strategy,
      retry: repeated,
      more: perhaps({}, { timeout: '20s' }, { runner: 'cpu' }),
      gives: outputs,
      failsTo: somewhere,
      callbacks,
    })
    .map(({ branches, failsTo, join, retry, more, gives, ...keys }): Sketch => ({
      keys: {
        type: 'parallel',
        ...keys,
        ...retry,
        ...more,
        ...gives,
        join: typeof join === 'number' ? Math.min(join, branches.length) : join,
      },
      failsTo,
      branches,
    })),
}));

/** Nodes of a dag do not jump: what would is an ordinary task instead. */
function withoutJumps(sketch: Sketch): Sketch {
  if (sketch.keys.type === 'switch' || sketch.keys.type === 'end') return { keys: { type: 'task', uses: 'log' } };
  const { refused: _, ...rest } = sketch;
  return { ...rest, keys: { ...sketch.keys, ...(sketch.keys.onError === 'goto' && { onError: 'raise' }) } };
}

function writtenGraph(nodes: readonly GraphSketch[], nextId: () => string): JsonObject[] {
  const flat = written(
    nodes.map(({ sketch }) => sketch),
    nextId,
  );
  return flat.map((node, index) => {
    const { needs = [], keys } = nodes[index] ?? {};
    return { ...node, ...keys, needs: index === 0 ? [] : needs.map((number) => flat[number % index]?.id as string) };
  });
}

/** Gives the sketches of one flow their ids and resolves their jumps. */
function written(sketches: readonly Sketch[], nextId: () => string): JsonObject[] {
  const ids = sketches.map(nextId);
  const target = (jump: number | undefined): string => ids[(jump ?? 0) % ids.length] ?? 'end';
  return sketches.map((sketch, index) => {
    const node: JsonObject = { ...sketch.keys, id: ids[index] as string };
    if (node.onError === 'goto') node.onError = { goto: target(sketch.failsTo) };
    for (const [key, to] of Object.entries(sketch.refused ?? {})) node[key] = to === 'fail' ? to : target(to);
    if (node.type === 'switch')
      Object.assign(node, { cases: [{ ...(node.cases as JsonObject[])[0], next: target(sketch.jump) }], default: 'end' });
    for (const [section, inner] of Object.entries(sketch.flows ?? {}))
      if (inner.length > 0 || section === 'flow') node[section] = written(inner, nextId);
    if (sketch.graph) node.nodes = writtenGraph(sketch.graph, nextId);
    if (sketch.branches) node.branches = Object.fromEntries(sketch.branches.map((branch, lane) => [`b${lane}`, written(branch, nextId)]));
    return node;
  });
}

/** Processes of every shape, nested three deep at most, loops included. */
export const anyProcess: fc.Arbitrary<CompiledProcess> = fc
  .record({
    setup: fc.array(task, { maxLength: 1 }),
    body: fc.oneof({ weight: 5, arbitrary: flow }, { weight: 1, arbitrary: graph.map((nodes) => ({ nodes })) }),
    teardown: fc.array(task, { maxLength: 2 }),
    onError: fc.constantFrom('raise', 'raise', 'ignore'),
    timeout: fc.constantFrom('30s', '1h'),
    shared: fc.boolean(),
    callbacks,
  })
  .map(({ setup, body, teardown, shared, ...keys }) => {
    let ids = 0;
    const nextId = (): string => `n${ids++}`;
    const document = {
      apiVersion: 'orderlines/v1',
      kind: 'Process',
      name: 'random',
      maxVisits: 8,
      variables: [{ name: 'n', type: 'integer', value: 0 }],
      ...keys,
      ...(shared && { workspace: 'run' }),
      setup: written(setup, nextId),
      ...('nodes' in body ? { type: 'dag', flow: writtenGraph(body.nodes, nextId) } : { flow: written(body, nextId) }),
      teardown: written(teardown, nextId),
    };
    return compile(processDocumentSchema.parse(document));
  });
