import type { BenchSystem } from './bench-system.js';
import { dbosChain } from './dbos-peer.js';
import { buildProcess } from '../harness/load.js';
import { costPerTask, expectTasks, measureRuns, runAll, type MeasuredRuns } from './measured-runs.js';
import { chainProcess } from './processes.js';
import type { BenchResult } from './result.js';
import { percentiles, rounded } from './statistics.js';

/** Instances and tasks of one instance. */
const CHAIN = { instances: 2_000, tasks: 10 } as const;
/** Tasks a second that must be reached. */
const BAR = 1_500;
/** Until nothing of the hot path is compiled any more; DBOS warms up as long. */
const WARM_UP_INSTANCES = 1_000;

/** Many runs of no-op tasks one after the other: how many tasks a second the platform carries, and DBOS beside it. */
export const chain = async (system: BenchSystem): Promise<BenchResult> => {
  await warmUp(system);
  const measured = await measureChain(system, 'chain');
  const tasksPerSecond = speedOf(measured);
  return {
    name: 'chain',
    work: `${CHAIN.instances} instances × ${CHAIN.tasks} tasks over HTTP, percentiles of an instance's duration`,
    tasksPerSecond,
    seconds: rounded(measured.seconds),
    ...percentiles(measured.durations),
    rssMb: system.servicesMegabytes,
    ...costPerTask(measured),
    bar: { text: `≥ ${BAR} tasks/s`, met: tasksPerSecond >= BAR },
    peers: [await dbosChain(system, CHAIN)],
  };
};

/** Lets the services compile their hot paths. */
export const warmUp = async (system: BenchSystem): Promise<void> =>
  runAll(system, { process: await buildProcess(system.platform, chainProcess('warm-up', CHAIN.tasks)), instances: WARM_UP_INSTANCES });

/** The chain once, under a process of this name. */
export const measureChain = async (system: BenchSystem, name: string): Promise<MeasuredRuns> => {
  const process = await buildProcess(system.platform, chainProcess(name, CHAIN.tasks));
  const measured = await measureRuns(system, { process, instances: CHAIN.instances });
  expectTasks(measured, CHAIN.instances * CHAIN.tasks);
  return measured;
};

/** Tasks a second. */
export const speedOf = ({ tasks, seconds }: MeasuredRuns): number => rounded(tasks / seconds);
