import { warmUp, measureChain, speedOf } from './chain.bench.js';
import type { BenchSystem } from './bench-system.js';
import { buildProcess } from '../harness/load.js';
import { costPerTask } from './measured-runs.js';
import { fillWithOldRuns } from './old-runs.js';
import { chainProcess } from './processes.js';
import type { BenchResult } from './result.js';
import { percentiles, rounded } from './statistics.js';

const OLD_RUNS = 1_000_000;
/** Share of the speed with empty tables that must be kept. */
const BAR = 0.8;

/** The chain with a million finished runs in the tables, against the chain with none, in the same system. */
export const history = async (system: BenchSystem): Promise<BenchResult> => {
  await warmUp(system);
  const empty = await measureChain(system, 'empty');
  await fillWithOldRuns(system, await buildProcess(system.platform, chainProcess('old', 1)), OLD_RUNS);
  const full = await measureChain(system, 'full');
  const share = rounded(speedOf(full) / speedOf(empty));
  return {
    name: 'history',
    work: `chain with ${OLD_RUNS} finished instances in the tables: ${speedOf(full)} tasks/s, ${share} of the ${speedOf(empty)} with empty tables`,
    tasksPerSecond: speedOf(full),
    seconds: rounded(full.seconds),
    ...percentiles(full.durations),
    ...costPerTask(full),
    bar: { text: `≥ ${BAR} × empty`, met: share >= BAR },
  };
};

const PAGE = 50;
const DEEP_ROW = 50_000;
const TIMES = 40;
const LIST_BAR_MS = 100;

/** The list of runs with a million of them: the first pages, and those around the 50,000th row, by cursor and with filters. */
export const list = async (system: BenchSystem): Promise<BenchResult> => {
  const process = await buildProcess(system.platform, chainProcess('old', 1));
  await fillWithOldRuns(system, process, OLD_RUNS);
  const filters = ['', `&process=${process}`, '&status=FAILURE', `&process=${process}&status=SUCCESS`];
  const durations: number[] = [];
  for (const filter of filters) {
    let cursor = '';
    // The way to a deep page is not measured; the largest page makes it short.
    for (let row = 0; row < DEEP_ROW; row += 500) cursor = (await page(system, `limit=500${filter}${cursor}`)).next;
    for (let time = 0; time < TIMES; time++) {
      for (const query of [`limit=${PAGE}${filter}`, `limit=${PAGE}${filter}${cursor}`]) {
        const begun = performance.now();
        await page(system, query);
        durations.push(performance.now() - begun);
      }
    }
  }
  const figures = percentiles(durations);
  return {
    name: 'list',
    work: `pages of ${PAGE} of ${OLD_RUNS} runs, the first and one at row ${DEEP_ROW}, ${filters.length} filters, over HTTP`,
    ...figures,
    bar: { text: `p95 ≤ ${LIST_BAR_MS} ms`, met: figures.p95Ms <= LIST_BAR_MS },
  };
};

const page = async ({ platform }: BenchSystem, query: string): Promise<{ readonly next: string }> => {
  const answer = await platform.fetch(`instances?${query}`);
  if (!answer.ok) throw new Error(`the list was refused: ${await answer.text()}`);
  const { nextCursor } = (await answer.json()) as { nextCursor: string | null };
  return { next: nextCursor === null ? '' : `&cursor=${encodeURIComponent(nextCursor)}` };
};
