import type { BenchSystem } from './bench-system.js';
import { warmUp } from './chain.bench.js';
import type { BenchResult } from './result.js';
import { rounded } from './statistics.js';

const SETTLE_MS = 10_000;
const WATCH_MS = 20_000;
const BAR = { megabytes: 120, processorShare: 0.01 } as const;

/** What services need that have worked and now have nothing to do: memory and processor time of each. */
export const idle = async (system: BenchSystem): Promise<BenchResult> => {
  await warmUp(system);
  await pause(SETTLE_MS);
  const { cpuSeconds } = await system.costOf(() => pause(WATCH_MS));
  const memory = system.megabytesByService;
  const shares = Object.fromEntries(Object.entries(cpuSeconds).map(([name, seconds]) => [name, seconds / (WATCH_MS / 1_000)]));
  const ours = Object.keys(memory);
  const met = ours.every((name) => (memory[name] ?? 0) <= BAR.megabytes && (shares[name] ?? 0) < BAR.processorShare);
  const told = Object.entries(shares).map(([name, share]) => {
    const megabytes = memory[name] === undefined ? '' : `${memory[name]} MB, `;
    return `${name} ${megabytes}${rounded(share * 100)} %`;
  });
  return {
    name: 'idle',
    work: `each service after work, ${WATCH_MS / 1_000} s without any: ${told.join('; ')}`,
    rssMb: Object.values(memory).reduce((sum, value) => sum + value, 0),
    bar: { text: `≤ ${BAR.megabytes} MB and < ${BAR.processorShare * 100} % each`, met },
  };
};

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
