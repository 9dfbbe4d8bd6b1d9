import { cpuUsage } from 'node:process';
import type { Json, JsonObject } from '@orderlines/contracts';
import { advance } from '../advance.js';
import type { AdvanceContext } from '../context.js';
import { documentOf, type Execution } from '../document.js';
import type { RunEvent } from '../event.js';
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

const PROCESSES: Readonly<Record<string, string>> = {
  'chain of 10': `flow: [${list(10, (n) => `{ id: n${n}, uses: log, with: { n: ${n} } }`)}]`,
  '8 tasks with gateways': `
params: [{ name: x, type: integer }]
flow: [${list(8, (n) => `{ id: t${n}, uses: log }, { id: s${n}, type: switch, cases: [{ when: "\${{ params.x == ${n} }}", next: end }], default: t${n + 1} }`)}, { id: t8, uses: log }]`,
  '200 branches, 100 at once': `flow: [{ id: p, type: parallel, branches: { ${list(200, (n) => `b${n}: [{ id: n${n}, uses: log }]`)} } }]`,
};

function play(process: CompiledProcess, params: JsonObject): number {
  let ids = 0;
  const context: AdvanceContext = {
    now: 1,
    settings: DEFAULT_SETTINGS,
    newId: () => String(ids++),
    newToken: () => 'token',
    random: () => 0.5,
    task: () => undefined,
    children: () => undefined,
    value: () => undefined,
  };
  const constants = constantsFor(process, params);
  let run = advance(process, constants, null, { kind: 'start', run: constants.header, params }, context).run;
  const apply = (event: RunEvent): void => void (run = advance(process, constants, run, event, context).run);
  let transitions = 1;
  for (let next = pending(documentOf(run).executions); next; next = pending(documentOf(run).executions)) {
    const { id: taskInstanceId, attempt, dispatch } = next;
    const result: Json = { exitCode: 0 };
    apply({ kind: 'claim', taskInstanceId, attempt, dispatch, session: 's', worker: 'w', idempotent: true });
    apply({ kind: 'finished', taskInstanceId, attempt, dispatch, token: 'token', outcome: { status: 'SUCCESS', result } });
    transitions += 2;
  }
  if (run.status !== 'SUCCESS') throw new Error(`${process.name} ended with ${run.status}: ${run.error?.message}`);
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
