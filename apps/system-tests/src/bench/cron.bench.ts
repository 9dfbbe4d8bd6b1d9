import { freePort } from '../harness/free-port.js';
import { buildProcess } from '../harness/load.js';
import { makeSchedules } from '../harness/many-schedules.js';
import type { BenchSystem } from './bench-system.js';
import { residentMegabytes } from './processor-time.js';
import type { BenchResult } from './result.js';
import { percentiles, rounded } from './statistics.js';

const DUE = 10_000;
const STORED = 100_000;
const MINUTE_MS = 60_000;
const LATENESS_BAR_MS = 1_000;
const BOOT_BAR_SECONDS = 3;
const FAR_MS = 30 * 86_400_000;

/** 10,000 schedules that are due within one minute, beside 100,000 that are not: how late runs begin, and how long a scheduler takes to start. */
export const cron = async (system: BenchSystem): Promise<BenchResult[]> => {
  const { database, platform } = system;
  const process = { apiVersion: 'orderlines/v1', kind: 'Process', name: 'at-once', flow: [{ id: 'done', type: 'end' }] };
  const processId = await buildProcess(platform, JSON.stringify(process));
  const later = { processId, everyMs: MINUTE_MS * 60, spreadMs: MINUTE_MS };
  await makeSchedules(database, { ...later, count: STORED, from: Date.now() + FAR_MS });
  const scheduler = platform.makeScheduler('scheduler', await freePort());
  const begun = performance.now();
  await scheduler.start();
  const bootSeconds = rounded((performance.now() - begun) / 1_000);
  try {
    await makeSchedules(database, { ...later, count: DUE, from: Date.now() + 10_000 });
    await allStarted(system);
    const { rows } = await database.query<{ late: number }>(
      `select extract(epoch from p.created_at - o.due_at)::float8 * 1000 as late
        from schedule.slot o join runtime.process_instance p on p.id = o.instance_id`,
    );
    const figures = percentiles(rows.map(({ late }) => late));
    const [rssMb] = residentMegabytes(scheduler.pid);
    return [
      {
        name: 'cron',
        work: `${rows.length} schedules due within one minute: from the time of the slot to the row of its run`,
        ...figures,
        ...(rssMb !== undefined && { rssMb }),
        bar: { text: `p99 ≤ ${LATENESS_BAR_MS} ms`, met: rows.length === DUE && figures.p99Ms <= LATENESS_BAR_MS },
      },
      {
        name: 'cron-boot',
        work: `a scheduler of ${STORED} schedules, from its start until it says that it is ready`,
        seconds: bootSeconds,
        bar: { text: `≤ ${BOOT_BAR_SECONDS} s`, met: bootSeconds <= BOOT_BAR_SECONDS },
      },
    ];
  } finally {
    await scheduler.stop();
  }
};

const allStarted = async ({ database }: BenchSystem): Promise<void> => {
  for (const end = Date.now() + 5 * MINUTE_MS; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 1_000))) {
    const { rows } = await database.query<{ count: number }>('select count(instance_id)::int as count from schedule.slot');
    if ((rows[0]?.count ?? 0) >= DUE) return;
  }
  throw new Error(`not all of ${DUE} slots were started within five minutes`);
};
