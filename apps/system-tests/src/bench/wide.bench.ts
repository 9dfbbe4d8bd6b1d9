import type { BenchSystem } from './bench-system.js';
import { buildProcess } from '../harness/load.js';
import { costPerTask, expectTasks, measureRuns, runAll } from './measured-runs.js';
import { gatewaysProcess, wideProcess } from './processes.js';
import type { BenchResult } from './result.js';
import { percentiles, rounded } from './statistics.js';

const itemsOf = (count: number) => ({ items: Array.from({ length: count }, (_, index) => index) });

const wideRun =
  (tasks: number, barSeconds: number) =>
  async (system: BenchSystem): Promise<BenchResult> => {
    const process = await buildProcess(system.platform, wideProcess(`wide-${tasks}`));
    await runAll(system, { process, instances: 1, params: itemsOf(100) });
    const measured = await measureRuns(system, { process, instances: 1, params: itemsOf(tasks) });
    expectTasks(measured, tasks);
    const seconds = rounded(measured.seconds);
    return {
      name: `wide ${tasks}`,
      work: `one run of ${tasks} no-op tasks in a foreach, 1,000 at once`,
      seconds,
      tasksPerSecond: rounded(tasks / seconds),
      rssMb: system.servicesMegabytes,
      ...costPerTask(measured),
      bar: { text: `≤ ${barSeconds} s`, met: seconds <= barSeconds },
    };
  };

/** One run of a thousand tasks at once. */
export const wide = wideRun(1_000, 3);
/** One run of ten thousand tasks at once: ten times as long, or something grows with the size of a run. */
export const wider = wideRun(10_000, 35);

const MANY = { instances: 100, tasksEach: 11, barSeconds: 3 } as const;

/** A hundred runs of a process with gateways, a loop and lanes. */
export const many = async (system: BenchSystem): Promise<BenchResult> => {
  const process = await buildProcess(system.platform, gatewaysProcess('many'));
  await runAll(system, { process, instances: MANY.instances });
  const measured = await measureRuns(system, { process, instances: MANY.instances });
  expectTasks(measured, MANY.instances * MANY.tasksEach);
  const seconds = rounded(measured.seconds);
  return {
    name: 'many',
    work: `${MANY.instances} instances × 17 nodes with gateways, a loop and lanes; ${MANY.tasksEach} tasks run in each`,
    seconds,
    tasksPerSecond: rounded(measured.tasks / measured.seconds),
    ...percentiles(measured.durations),
    ...costPerTask(measured),
    bar: { text: `≤ ${MANY.barSeconds} s`, met: seconds <= MANY.barSeconds },
  };
};
