import { eventually } from '../harness/eventually.js';
import type { BenchSystem, Cost } from './bench-system.js';
import { inParallel, startInstance } from '../harness/load.js';
import type { BenchResult } from './result.js';
import { rounded } from './statistics.js';

/** Starts that are on their way at once. */
const STARTS_AT_ONCE = 64;
const LIMIT_MS = 300_000;
const LOOK_EVERY_MS = 20;

/** Runs of one process, all of which must succeed. */
export interface Workload {
  /** Id of the process. */
  readonly process: string;
  readonly instances: number;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What came of a workload, as Postgres keeps it. */
export interface MeasuredRuns {
  /** From the first start to the last end. */
  readonly seconds: number;
  /** From creation to end of each run, in milliseconds. */
  readonly durations: readonly number[];
  /** Tasks that succeeded; containers and gateways are not counted. */
  readonly tasks: number;
  readonly cost: Cost;
}

/** Starts the runs through the gateway and waits until Postgres says that all have succeeded. */
export const runAll = async (system: BenchSystem, { process, instances, params }: Workload): Promise<void> => {
  const before = (await statusCounts(system, process))['SUCCESS'] ?? 0;
  await inParallel(instances, STARTS_AT_ONCE, async () => void (await startInstance(system.platform, process, params)));
  await eventually(
    `${instances} runs have succeeded`,
    async () => {
      const counts = await statusCounts(system, process);
      const others = Object.keys(counts).filter((status) => !['SUCCESS', 'RUNNING', 'PENDING'].includes(status));
      if (others.length > 0) throw new Error(`some ended as ${others.join(', ')}`);
      return (counts['SUCCESS'] ?? 0) - before === instances;
    },
    { limitMs: LIMIT_MS, everyMs: instances > 10 ? 100 : LOOK_EVERY_MS },
  );
};

/** Does {@link runAll} and tells what it took and what Postgres has kept of these runs. */
export const measureRuns = async (system: BenchSystem, workload: Workload): Promise<MeasuredRuns> => {
  const { rows } = await system.database.query<{ now: Date }>('select clock_timestamp() as now');
  const since = rows[0]?.now;
  let seconds = 0;
  const cost = await system.costOf(async () => {
    const begun = performance.now();
    await runAll(system, workload);
    seconds = (performance.now() - begun) / 1_000;
  });
  const runs = await system.database.query<{ milliseconds: number }>(
    `select extract(epoch from finished_at - created_at)::float8 * 1000 as milliseconds
      from runtime.process_instance where process_id = $1 and created_at >= $2`,
    [workload.process, since],
  );
  const tasks = await system.database.query<{ count: number }>(
    `select count(*)::int as count from runtime.task_instance t join runtime.process_instance i on i.id = t.process_instance_id
      where i.process_id = $1 and i.created_at >= $2 and t.type = 'task' and t.status = 'SUCCESS'`,
    [workload.process, since],
  );
  return { seconds, durations: runs.rows.map(({ milliseconds }) => milliseconds), tasks: tasks.rows[0]?.count ?? 0, cost };
};

/** Throws when Postgres kept another number of tasks than was asked for. */
export const expectTasks = ({ tasks }: MeasuredRuns, expected: number): void => {
  if (tasks !== expected) throw new Error(`${tasks} tasks succeeded, not ${expected}`);
};

/** Processor time, rows and write-ahead log of a task, in all and by process. */
export const costPerTask = ({ tasks, cost }: MeasuredRuns): Partial<BenchResult> => {
  const shares = Object.entries(cost.cpuSeconds).map(([name, value]) => [name, value / tasks] as const);
  return {
    ...(shares.length > 0 && {
      cpuSecondsPerTask: rounded(shares.reduce((sum, [, value]) => sum + value, 0)),
      cpuSecondsPerTaskBy: Object.fromEntries(shares.map(([name, value]) => [name, rounded(value)])),
    }),
    rowsPerTask: rounded(cost.rows / tasks),
    bytesPerTask: rounded(cost.walBytes / tasks),
  };
};

const statusCounts = async (system: BenchSystem, process: string): Promise<Record<string, number>> => {
  const { rows } = await system.database.query<{ status: string; count: number }>(
    'select status, count(*)::int as count from runtime.process_instance where process_id = $1 group by status',
    [process],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
};
