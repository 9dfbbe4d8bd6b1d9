import type { BenchSystem } from './bench-system.js';
import { buildProcess } from '../harness/load.js';
import { costPerTask, expectTasks, measureRuns, runAll, type MeasuredRuns } from './measured-runs.js';
import { fibonacciProcess } from './processes.js';
import type { BenchResult } from './result.js';
import { percentile, percentiles, rounded } from './statistics.js';

/** The same run over and over: one run says little on a machine with other things to do. */
const TIMES = 7;

interface Sequence {
  readonly name: string;
  readonly tasks: number;
  /** Fibonacci number that each task computes. */
  readonly n: number;
  /** Seconds of the middle run that must not be passed. */
  readonly barSeconds: number;
}

const sequence =
  ({ name, tasks, n, barSeconds }: Sequence) =>
  async (system: BenchSystem): Promise<BenchResult> => {
    const process = await buildProcess(system.platform, fibonacciProcess(name, tasks, n));
    await runAll(system, { process, instances: 1 });
    const runs: MeasuredRuns[] = [];
    for (let time = 0; time < TIMES; time++) runs.push(await measureRuns(system, { process, instances: 1 }));
    for (const run of runs) expectTasks(run, tasks);
    const durations = runs.flatMap((run) => run.durations);
    const seconds = rounded(percentile(durations, 0.5) / 1_000);
    return {
      name,
      work: `${tasks} javascript tasks of fibonacci(${n}) one after the other, ${TIMES} times: the middle one, from creation to end`,
      seconds,
      tasksPerSecond: rounded(tasks / seconds),
      ...percentiles(durations),
      ...costPerTask(runs.at(-1) as MeasuredRuns),
      bar: { text: `≤ ${barSeconds} s`, met: seconds <= barSeconds },
    };
  };

/** Forty small tasks: what a step costs (Windmill's dedicated worker 2.1 s, Temporal 3.1 s, Kestra 9 s by their own figures). */
export const seq40 = sequence({ name: 'seq40', tasks: 40, n: 10, barSeconds: 1.5 });

/** Ten heavy tasks: what the platform adds to work that takes its time. */
export const seq10h = sequence({ name: 'seq10h', tasks: 10, n: 33, barSeconds: 0.9 });
