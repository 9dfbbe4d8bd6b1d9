import { cpuUsage } from 'node:process';
import type { Json, JsonObject } from '@orderlines/contracts';
import { advance } from '../advance.js';
import type { AdvanceContext, StoredTask } from '../context.js';
import { documentOf, type Execution } from '../document.js';
import type { RunEvent } from '../event.js';
import type { Run } from '../state.js';
import type { CompiledProcess } from '../../definition/compiled.js';
import { processOf } from './process-of.js';
import { constantsFor, DEFAULT_SETTINGS } from './store.js';

/*
 * Processor time of one transition (claim and finished in turn), without any store:
 *   npx esbuild libs/process-engine/src/run/testing/advance.bench.ts --bundle --platform=node --format=esm --packages=external \
 *     --tsconfig=tsconfig.base.json --outfile=dist/advance.bench.mjs && node dist/advance.bench.mjs
 */

const WARM_UP_MS = 1_000;
const MEASURED_MS = 3_000;

const list = (count: number, item: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => item(index)).join(', ');

const foreachOf = (count: number): string =>
  `flow: [{ id: p, type: foreach, items: "\${{ range(${count}) }}", flow: [{ id: a, uses: log, with: { n: "\${{ item }}" } }] }]`;

/** Layers of a hundred nodes, each of which needs three of the layer before. */
const dagOf = (count: number): string =>
  `type: dag\nflow: [${list(count, (n) => `{ id: n${n}, uses: log${n < 100 ? '' : `, needs: [n${n - 100}, n${n - 99}, n${n - 98}]`} }`)}]`;

const PROCESSES: Readonly<Record<string, string>> = {
  'chain of 10': `flow: [${list(10, (n) => `{ id: n${n}, uses: log, with: { n: ${n} } }`)}]`,
  '8 tasks with gateways': `
params: [{ name: x, type: integer }]
flow: [${list(8, (n) => `{ id: t${n}, uses: log }, { id: s${n}, type: switch, cases: [{ when: "\${{ params.x == ${n} }}", next: end }], default: t${n + 1} }`)}, { id: t8, uses: log }]`,
  '200 branches, 100 at once': `flow: [{ id: p, type: parallel, branches: { ${list(200, (n) => `b${n}: [{ id: n${n}, uses: log }]`)} } }]`,
  '2,000 branches, 100 at once': `flow: [{ id: p, type: parallel, branches: { ${list(2_000, (n) => `b${n}: [{ id: n${n}, uses: log }]`)} } }]`,
  'foreach of 1,000, 100 at once': foreachOf(1_000),
  'foreach of 10,000, 100 at once': foreachOf(10_000),
  'dag of 1,000': dagOf(1_000),
  'dag of 10,000': dagOf(10_000),
};

function play(process: CompiledProcess, params: JsonObject): number {
  let ids = 0;
  /** The only rows that a transition asks for here: those that hold items. */
  const foreachs = new Map<string, StoredTask>();
  const context: AdvanceContext = {
    now: 1,
    takesOver: true,
    settings: DEFAULT_SETTINGS,
    newId: () => String(ids++),
    newToken: () => 'token',
    random: () => 0.5,
    task: (id) => foreachs.get(id),
    children: () => undefined,
    value: () => undefined,
  };
  const constants = constantsFor(process, params);
  let run: Run | null = null;
  const apply = (event: RunEvent): Run => {
    const transition = advance(process, constants, run, event, context);
    for (const row of transition.changes.created) {
      if (row.type === 'foreach') foreachs.set(row.id, { ...row, result: row.result ?? null, error: row.error ?? null, logChunks: null });
    }
    return (run = transition.run);
  };
  let now = apply({ kind: 'start', run: constants.header, params });
  let transitions = 1;
  for (let next = pending(documentOf(now).executions); next; next = pending(documentOf(now).executions)) {
    const { id: taskInstanceId, attempt, dispatch } = next;
    const result: Json = { exitCode: 0 };
    apply({ kind: 'claim', taskInstanceId, attempt, dispatch, session: 's', worker: 'w', idempotent: true });
    now = apply({ kind: 'finished', taskInstanceId, attempt, dispatch, token: 'token', outcome: { status: 'SUCCESS', result } });
    transitions += 2;
  }
  if (now.status !== 'SUCCESS') throw new Error(`${process.name} ended with ${now.status}: ${now.error?.message}`);
  return transitions;
}

function pending(executions: Readonly<Record<string, Execution>>): Execution | undefined {
  for (const id in executions) if (executions[id]?.status === 'PENDING') return executions[id];
  return undefined;
}

/** Microseconds of processor time a transition takes: other programs on the machine do not count. */
function measure(process: CompiledProcess, milliseconds: number): number {
  const start = performance.now();
  const before = cpuUsage();
  let transitions = 0;
  while (performance.now() - start < milliseconds) transitions += play(process, { x: 99 });
  const { user, system } = cpuUsage(before);
  return (user + system) / transitions;
}

for (const [name, yaml] of Object.entries(PROCESSES)) {
  const process = processOf(yaml);
  measure(process, WARM_UP_MS);
  console.log(`${name}: ${measure(process, MEASURED_MS).toFixed(1)} µs a transition`);
}
