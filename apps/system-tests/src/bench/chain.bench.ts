import { eventually } from '../harness/eventually.js';
import type { BenchSystem } from './bench-system.js';
import { buildProcess, inParallel, startInstance } from './load.js';
import { chainProcess } from './processes.js';
import type { BenchResult } from './result.js';
import { percentiles, rounded } from './statistics.js';

/** Instances and tasks of one instance. */
export const CHAIN = { instances: 2_000, tasks: 10 } as const;
/** Tasks a second that must be reached. */
const BAR = 1_500;
const STARTS_AT_ONCE = 64;
const WARM_UP_INSTANCES = 200;

/** Many runs of no-op tasks one after the other: how many tasks a second the platform carries. */
export const chain = async (system: BenchSystem): Promise<BenchResult> => {
  await run(system, await buildProcess(system.platform, chainProcess('warm-up', CHAIN.tasks)), WARM_UP_INSTANCES);
  const process = await buildProcess(system.platform, chainProcess('chain', CHAIN.tasks));
  let seconds = 0;
  const cost = await system.costOf(async () => {
    const begun = performance.now();
    await run(system, process, CHAIN.instances);
    seconds = (performance.now() - begun) / 1_000;
  });
  const { durations, tasks } = await readBack(system, process);
  const tasksPerSecond = rounded(tasks / seconds);
  return {
    name: 'chain',
    work: `${CHAIN.instances} instances × ${CHAIN.tasks} tasks over HTTP, percentiles of an instance's duration`,
    tasksPerSecond,
    seconds: rounded(seconds),
    ...percentiles(durations),
    rssMb: system.servicesMegabytes,
    ...cpuPerTask(cost.cpuSeconds, tasks),
    rowsPerTask: rounded(cost.rows / tasks),
    bytesPerTask: rounded(cost.walBytes / tasks),
    bar: { text: `≥ ${BAR} tasks/s`, met: tasksPerSecond >= BAR },
  };
};

/** CPU seconds of a task, in all and by process. */
const cpuPerTask = (
  seconds: Readonly<Record<string, number>>,
  tasks: number,
): Pick<BenchResult, 'cpuSecondsPerTask' | 'cpuSecondsPerTaskBy'> => {
  const shares = Object.entries(seconds).map(([name, value]) => [name, value / tasks] as const);
  if (shares.length === 0) return {};
  return {
    cpuSecondsPerTask: rounded(shares.reduce((sum, [, value]) => sum + value, 0)),
    cpuSecondsPerTaskBy: Object.fromEntries(shares.map(([name, value]) => [name, rounded(value)])),
  };
};

/** Starts the runs through the gateway and waits until Postgres says that all have succeeded. */
const run = async (system: BenchSystem, process: string, instances: number): Promise<void> => {
  await inParallel(instances, STARTS_AT_ONCE, async () => void (await startInstance(system.platform, process)));
  await eventually(
    `${instances} runs have succeeded`,
    async () => {
      const counts = await statusCounts(system, process);
      const others = Object.keys(counts).filter((status) => !['SUCCESS', 'RUNNING', 'PENDING'].includes(status));
      if (others.length > 0) throw new Error(`some ended as ${others.join(', ')}`);
      return counts['SUCCESS'] === instances;
    },
    { limitMs: 300_000, everyMs: 100 },
  );
};

const statusCounts = async (system: BenchSystem, process: string): Promise<Record<string, number>> => {
  const { rows } = await system.database.query<{ status: string; count: number }>(
    'select status, count(*)::int as count from runtime.process_instance where process_id = $1 group by status',
    [process],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
};

/** What Postgres has kept: the duration of each run, and how many tasks succeeded; anything but all of them is an error. */
const readBack = async (system: BenchSystem, process: string): Promise<{ durations: number[]; tasks: number }> => {
  const runs = await system.database.query<{ milliseconds: number }>(
    `select extract(epoch from finished_at - created_at)::float8 * 1000 as milliseconds from runtime.process_instance where process_id = $1`,
    [process],
  );
  const tasks = await system.database.query<{ count: number }>(
    `select count(*)::int as count from runtime.task_instance t join runtime.process_instance i on i.id = t.process_instance_id
      where i.process_id = $1 and t.status = 'SUCCESS'`,
    [process],
  );
  const count = tasks.rows[0]?.count ?? 0;
  if (count !== CHAIN.instances * CHAIN.tasks) throw new Error(`${count} tasks succeeded, not ${CHAIN.instances * CHAIN.tasks}`);
  return { durations: runs.rows.map(({ milliseconds }) => milliseconds), tasks: count };
};
