import type { BenchSystem } from './bench-system.js';
import { processorSeconds } from './processor-time.js';
import type { BenchResult } from './result.js';
import { percentile, rounded } from './statistics.js';

const TIMES = 2_000;
const WARM_UP_TIMES = 200;
/** Milliseconds at the 95th percentile that must not be added. */
const BAR_MS = 1;

/** What token and rights add to a request of the API: a route that wants both beside one that is open, in turns; and to the gateway's work. */
export const auth = async ({ platform }: BenchSystem): Promise<BenchResult> => {
  const open = () => timed(() => fetch(`${platform.url}/api/v1/sessions/methods`));
  const guarded = () => timed(() => platform.fetch('permissions/mine'));
  for (let time = 0; time < WARM_UP_TIMES; time++) await Promise.all([open(), guarded()]);
  const without: number[] = [];
  const withRights: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    without.push(await open());
    withRights.push(await guarded());
  }
  const added = percentile(withRights, 0.95) - percentile(without, 0.95);
  const work = (await workOf(platform.gateway.pid, guarded)) - (await workOf(platform.gateway.pid, open));
  return {
    name: 'auth',
    work: `a request with token and rights beside an open one, ${TIMES} times each: milliseconds added (${rounded(work)} ms of the gateway's processor time)`,
    p50Ms: rounded(percentile(withRights, 0.5) - percentile(without, 0.5)),
    p95Ms: rounded(added),
    bar: { text: `≤ ${BAR_MS} ms added at p95`, met: added <= BAR_MS },
  };
};

/** Milliseconds of processor time that a request takes a process; NaN where they cannot be told. */
const workOf = async (processId: number, ask: () => Promise<unknown>): Promise<number> => {
  const [before = NaN] = processorSeconds(processId);
  for (let time = 0; time < TIMES; time++) await ask();
  const [after = NaN] = processorSeconds(processId);
  return ((after - before) * 1_000) / TIMES;
};

const timed = async (ask: () => Promise<Response>): Promise<number> => {
  const begun = performance.now();
  await (await ask()).arrayBuffer();
  return performance.now() - begun;
};
