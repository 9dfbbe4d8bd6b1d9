import fc from 'fast-check';
import type { Json, JsonObject } from '@orderlines/contracts';
import { compile } from '../../definition/compile.js';
import type { CompiledProcess } from '../../definition/compiled.js';
import { processDocumentSchema } from '../../definition/document.js';
import type { Played, Script } from './script.js';

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

const callbacks = fc.constantFrom<Json>(
  [],
  [{ states: ['FAILURE', 'SUCCESS', 'RETRY'], uses: 'tell' }],
  [{ states: ['STOP', 'SKIP', 'TIMEOUT'], uses: 'tell' }],
);
const strategy = fc.constantFrom<Json>('raise', 'raise', 'raise', 'ignore', 'ignore', 'goto', 'goto', 'hold');
const retry = fc.constantFrom<Json>(null, null, { limit: 1, delay: '2s' }, { limit: 2, delay: '0s', reasons: ['infra', 'user'] });
const disabled = fc.constantFrom<Json>(false, false, false, true, '${{ vars.n > 3 }}');
/** Arguments that read results, also large ones and what is in them, and secrets. */
const args = fc.constantFrom<JsonObject>(
  {},
  {},
  {},
  { all: '${{ tasks.n0.result }}' },
  { n: '${{ tasks.n0.result.?big.?n.orValue(0) }}', all: '${{ tasks.n1.result }}' },
  { text: 'key ${{ secrets.key }}', size: '${{ size(secrets.key) }}' },
);
const somewhere = fc.nat(20);
const somewhereOrFail = () => fc.option(somewhere, { nil: 'fail' as const });

const task = fc
  .record({
    retry,
    onError: strategy,
    disabled,
    callbacks,
    timeout: fc.constantFrom('5s', '1m'),
    queueTimeout: fc.constantFrom(null, '10s'),
    with: args,
  })
  .chain(({ retry: repeats, queueTimeout, ...keys }) =>
    fc.record({ failsTo: somewhere }).map(({ failsTo }): Sketch => {
      const more = { ...(repeats !== null && { retry: repeats }), ...(queueTimeout !== null && { queueTimeout }) };
      return { keys: { type: 'task', uses: 'log', ...keys, ...more, set: { n: '${{ vars.n + 1 }}' } }, failsTo };
    }),
  );
const assign = fc.constant<Sketch>({ keys: { type: 'assign', set: { n: '${{ vars.n + 1 }}' } } });
const delay = disabled.map((off): Sketch => ({ keys: { type: 'delay', for: '3s', disabled: off } }));
const approval = fc
  .record({
    quorum: fc.constantFrom<Json>('any', 'all', 2),
    users: fc.constantFrom<Json>(['alice', 'bob'], ['alice', 'tester', 'carol']),
    noSelfApproval: fc.boolean(),
    onReject: somewhereOrFail(),
    onDeadline: somewhereOrFail(),
    retry,
    onError: strategy,
    callbacks,
    failsTo: somewhere,
  })
  .map(({ onReject, onDeadline, retry: repeats, failsTo, ...keys }): Sketch => ({
    keys: { type: 'approval', ...keys, deadline: '8s', ...(repeats !== null && { retry: repeats }) },
    failsTo,
    refused: { onReject, onDeadline },
  }));
const wait = fc
  .record({ retry, onError: strategy, timeout: fc.constantFrom('2s', '9s'), failsTo: somewhere })
  .map(({ retry: repeats, failsTo, ...keys }): Sketch => ({
    keys: { type: 'wait', signal: 'go', key: '${{ vars.n }}', ...keys, ...(repeats !== null && { retry: repeats }) },
    failsTo,
  }));
const child = fc
  .record({ retry, onError: strategy, timeout: fc.constantFrom('500ms', '9s'), wait: fc.boolean(), callbacks, failsTo: somewhere })
  .map(({ retry: repeats, failsTo, ...keys }): Sketch => ({
    keys: { type: 'process', process: 'other', inputs: { n: '${{ vars.n }}' }, ...keys, ...(repeats !== null && { retry: repeats }) },
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
      retry,
      failsTo: somewhere,
      callbacks,
    })
    .map(({ body, failsTo, retry: repeats, ...keys }): Sketch => ({
      keys: { type: 'foreach', ...keys, ...(repeats !== null && { retry: repeats }), outputs: { n: '${{ [index, item] }}' } },
      failsTo,
      flows: { flow: body },
    })),
  dag: fc
    .record({ graph: tie('graph'), onError: strategy, retry, timeout: fc.constantFrom('4s', '1h'), failsTo: somewhere, callbacks })
    .map(({ graph: nodes, failsTo, retry: repeats, ...keys }): Sketch => ({
      keys: { type: 'dag', ...keys, ...(repeats !== null && { retry: repeats }) },
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
      shared: fc.boolean(),
      failsTo: somewhere,
      callbacks,
    })
    .map(({ flow: body, setup, teardown, shared, failsTo, ...keys }): Sketch => ({
      keys: { type: 'group', ...keys, ...(shared && { workspace: 'run' }) },
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
      failsTo: somewhere,
      callbacks,
    })
    .map(({ branches, failsTo, join, ...keys }): Sketch => ({
      keys: { type: 'parallel', ...keys, join: typeof join === 'number' ? Math.min(join, branches.length) : join },
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

const fate: fc.Arbitrary<Played> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 4_000 }).map((after) => ({ after })) },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 0, max: 4_000 }).map((after) => ({ after, failure: { reason: 'user' as const, message: 'boom' } })),
  },
  { weight: 1, arbitrary: fc.boolean().map((idempotent) => ({ after: 700, lost: true, idempotent })) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 9_000 }).map((after) => ({ after, deaf: true })) },
  { weight: 1, arbitrary: fc.constant({ hangs: true }) },
  { weight: 1, arbitrary: fc.constant({ unclaimed: true }) },
);

const answers = fc.array(
  fc.record({
    after: fc.nat(9_000),
    by: fc.constantFrom('user:alice', 'user:bob', 'user:carol', 'user:tester', 'user:mallory', 'administrator:root'),
    rejects: fc.nat(4).map((n) => n === 0),
  }),
  { maxLength: 4 },
);
const signal = fc.option(fc.constantFrom<Json>(null, 7, { paid: true }), { nil: undefined });

/** The same fate for whatever type the node is: a task runs so, an approval gets these answers, a wait this signal. */
const played: fc.Arbitrary<Played> = fc
  .record({ fate, answers, signal })
  .map(({ fate: how, answers: given, signal: payload }) => ({ ...how, answers: given, ...(payload !== undefined && { signal: payload }) }));

/** Scripts for the nodes of random processes: every node meets several fates, one after another. */
export const anyScript: fc.Arbitrary<Script> = fc
  .array(fc.array(played, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((fates) =>
    Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`n${index}`, fates[index % fates.length] as readonly Played[]])),
  );
