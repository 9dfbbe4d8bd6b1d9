import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../harness/command.js';
import { WORKSPACE } from '../harness/workspace.js';
import type { BenchSystem } from './bench-system.js';
import type { BenchResult } from './result.js';
import { percentiles, rounded } from './statistics.js';

/** Workflows at once: where DBOS is fastest on two cores. */
const AT_ONCE = 100;

/** DBOS doing the same chain on the same Postgres, right after ours. */
export const dbosChain = async (
  system: BenchSystem,
  chain: { readonly instances: number; readonly tasks: number },
): Promise<BenchResult> => {
  const program = join(WORKSPACE, 'dist/apps/system-tests/dbos.js');
  if (!existsSync(program)) throw new Error('the bench is not built: node tools/build-service.mjs system-tests');
  const databaseUrl = await system.peerDatabase('dbos');
  const argv = [program, databaseUrl, chain.instances, chain.tasks, AT_ONCE].map(String);
  const { code, stdout, stderr } = await runProgram(process.execPath, argv, { limitMs: 300_000 });
  if (code !== 0) throw new Error(`DBOS ended with ${code}: ${stderr}`);
  const measured = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { seconds: number; durations: number[] };
  return {
    name: 'DBOS 5.3',
    work: `${chain.instances} workflows × ${chain.tasks} steps, ${AT_ONCE} at once`,
    tasksPerSecond: rounded((chain.instances * chain.tasks) / measured.seconds),
    seconds: rounded(measured.seconds),
    ...percentiles(measured.durations),
  };
};
