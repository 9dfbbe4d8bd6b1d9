import type { Json } from '@orderlines/contracts';
import { processDocumentSchema, type ProcessDocument } from '@orderlines/process-engine';
import fc from 'fast-check';

/** A node before it has an id: where it leads are numbers, taken modulo the length of its flow. */
interface Sketch {
  readonly keys: Readonly<Record<string, Json>>;
  readonly jumps: Readonly<Record<string, number>>;
  readonly flows: Readonly<Record<string, readonly Sketch[]>>;
  readonly isGraph?: boolean;
}

const jump = fc.option(fc.nat(12), { nil: -1 });
const expression = fc.constantFrom(
  '${{ tasks.n0.failed }}',
  "${{ tasks['n1'].status == 'SUCCESS' }}",
  '${{ vars.count > 3 }}',
  '${{ params.version == "1" }}',
);

const leaf = fc
  .record({
    keys: fc.constantFrom<Record<string, Json>>(
      { uses: 'shell', with: { command: 'true', env: { A: '${{ tasks.n0.result.?a.orValue(1) }}' } } },
      { uses: 'log', with: { message: 'of ${{ tasks.n2.status }} and ${{ params.version }}' }, onError: 'ignore' },
      { type: 'assign', set: { count: '${{ vars.count + 1 }}' } },
      { type: 'delay', for: '1s' },
      { type: 'approval', users: ['alice'] },
      { type: 'end' },
      { uses: 'log', disabled: true, retry: { limit: 2, delay: '5s' } },
      {
        uses: 'log@1.0.0',
        name: '打包',
        description: 'Packs.',
        queue: 'builders',
        queueTimeout: '5m',
        heartbeatTimeout: '1m',
        timeout: '1h',
        collect: ['dist/*.tgz'],
        idempotent: true,
        breakpoint: '${{ vars.count > 1 }}',
        when: '${{ vars.count > 1 }}',
        trigger: 'all_done',
        set: { count: '${{ result.total }}' },
      },
      { type: 'delay', until: '2026-03-01T08:00:00Z' },
      {
        type: 'approval',
        roles: ['operators'],
        groups: '${{ vars.count }}',
        quorum: 2,
        noSelfApproval: true,
        message: 'Out with ${{ params.version }}?',
        form: [{ name: 'reason', type: 'text', required: true }],
        deadline: '1d',
        onDeadline: 'fail',
      },
      { type: 'wait', signal: 'ready', key: '${{ params.version }}', timeout: '1h' },
      { type: 'process', process: 'tools/child', version: 3, inputs: { version: '${{ params.version }}' }, wait: false },
      { type: 'end', status: 'FAILURE', message: 'of ${{ tasks.n0.status }}' },
    ),
    next: jump,
    failed: jump,
    rejected: jump,
  })
  .map(({ keys, next, failed, rejected }): Sketch => ({
    keys,
    jumps: {
      ...(keys['type'] !== 'end' && { next }),
      ...(keys['type'] !== 'end' && keys['onError'] === undefined && { onError: failed }),
      ...(keys['type'] === 'approval' && { onReject: rejected }),
    },
    flows: {},
  }));
const gateway = fc.record({ when: expression, to: fc.nat(12), other: jump }).map(({ when, to, other }): Sketch => ({
  keys: { type: 'switch', cases: [{ when, next: '' }] },
  jumps: { case: to, default: other },
  flows: {},
}));

const { flow } = fc.letrec<{ flow: Sketch[]; node: Sketch; container: Sketch }>((tie) => ({
  flow: fc.array(tie('node'), { maxLength: 4, depthIdentifier: 'nesting' }),
  node: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'nesting' },
    { weight: 5, arbitrary: leaf },
    { weight: 2, arbitrary: gateway },
    { weight: 2, arbitrary: tie('container') },
  ),
  container: fc
    .record({ kind: fc.constantFrom('group', 'parallel', 'dag', 'foreach'), first: tie('flow'), second: tie('flow'), next: jump })
    .map(({ kind, first, second, next }): Sketch => {
      if (kind === 'parallel')
        return {
          keys: { type: kind, maxConcurrency: 2, join: 'any', failFast: true, runner: 'cpu', outputs: { count: '${{ vars.count }}' } },
          jumps: { next },
          flows: { 'branches/left': first, 'branches/right': second },
        };
      if (kind === 'dag') return { keys: { type: kind, timeout: '1h' }, jumps: { next }, flows: { nodes: first }, isGraph: true };
      if (kind === 'foreach')
        return {
          keys: { type: kind, items: [1, 2], as: 'region', concurrency: 2, maxFailures: '10%' },
          jumps: { next },
          flows: { flow: first },
        };
      return { keys: { type: kind, workspace: 'run', retry: { limit: 1 } }, jumps: { next }, flows: { flow: first, teardown: second } };
    }),
}));

/** Any document that the schema accepts, with every kind of node, container and jump. */
export const documents: fc.Arbitrary<ProcessDocument> = fc
  .record({ flow, setup: fc.option(flow, { nil: undefined }) })
  .map(({ flow: main, setup }) => {
    let count = 0;
    const build = (sketches: readonly Sketch[], isGraph: boolean): Json[] => {
      const ids = sketches.map(() => `n${count++}`);
      return sketches.map(({ keys, jumps, flows, isGraph: inner = false }, index) => {
        const at = (name: string): string | undefined => {
          const number = jumps[name] ?? -1;
          return number < 0 ? undefined : number === 12 ? 'end' : ids[number % ids.length];
        };
        const node: Record<string, Json> = { id: ids[index] as string, ...keys };
        for (const [path, nodes] of Object.entries(flows)) {
          const [section = '', branch] = path.split('/');
          const list = build(nodes, inner);
          node[section] = branch === undefined ? list : { ...(node[section] as Record<string, Json>), [branch]: list };
        }
        if (isGraph) {
          if (index > 0 && at('next') !== undefined) node['needs'] = [ids[(jumps['next'] ?? 0) % index] as string];
          if (node['type'] === 'switch') node['cases'] = [{ when: true, next: 'end' }];
          return node;
        }
        if (at('next') !== undefined) node['next'] = at('next') as string;
        if (at('default') !== undefined) node['default'] = at('default') as string;
        if (at('onReject') !== undefined) node['onReject'] = at('onReject') as string;
        if (at('onError') !== undefined) node['onError'] = { goto: at('onError') as string };
        if (node['type'] === 'switch') node['cases'] = [{ ...(node['cases'] as Record<string, Json>[])[0], next: at('case') ?? 'end' }];
        return node;
      });
    };
    return processDocumentSchema.parse({
      apiVersion: 'orderlines/v1',
      kind: 'Process',
      name: 'drawn',
      params: [{ name: 'version', type: 'string' }],
      variables: [{ name: 'count', type: 'integer', value: 0 }],
      ...(setup !== undefined && { setup: build(setup, false) }),
      flow: build(main, false),
      layout: { nodes: { n0: { x: 10, y: 20 } }, grid: 'of another tool' },
    });
  });

/** A process with the flow given as YAML would be read. */
export const processOf = (nodes: readonly object[], others: object = {}): ProcessDocument =>
  processDocumentSchema.parse({ apiVersion: 'orderlines/v1', kind: 'Process', name: 'sample', flow: nodes, ...others });
