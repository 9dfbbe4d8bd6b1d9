import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Coverage } from './coverage.js';
import { SAFEGUARDS, type Safeguard } from './safeguards.js';
import { type Failure, simulate } from './simulate.js';

/** Some seeds in a row, played by one thread. */
interface Share {
  readonly start: number;
  readonly seeds: number;
  readonly without: Safeguard | undefined;
}

interface Played {
  readonly failure: Failure | null;
  readonly coverage: Coverage['counts'];
}

const SHARE = 250;
const USAGE = `usage: npm run simulate -- [--seeds 1000] [--start 1] [--threads n] [--without <safeguard>]
safeguards: ${SAFEGUARDS.join(', ')}`;

if (isMainThread) await main();
else parentPort?.postMessage(play(workerData as Share));

function play({ start, seeds, without }: Share): Played {
  const coverage = new Coverage();
  for (let seed = start; seed < start + seeds; seed++) {
    const failure = simulate(seed, { coverage, ...(without && { without }) });
    if (failure) return { failure, coverage: coverage.counts };
  }
  return { failure: null, coverage: coverage.counts };
}

async function main(): Promise<void> {
  const { start, seeds, threads, without } = options();
  const end = start + seeds;
  const coverage = new Coverage();
  const begun = performance.now();
  let next = start;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < end) {
      const share = { start: next, seeds: Math.min(SHARE, end - next), without };
      next += share.seeds;
      const played = await playElsewhere(share);
      if (played.failure) fail(played.failure);
      coverage.add({ counts: played.coverage });
      done += share.seeds;
      console.log(`${done} of ${seeds} seeds, ${((performance.now() - begun) / done).toFixed(1)} ms each`);
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  console.log(`\n${coverage.text}\n\n${seeds} seeds from ${start}: nothing is broken`);
}

function playElsewhere(share: Share): Promise<Played> {
  return new Promise((resolve, reject) => {
    new Worker(new URL(import.meta.url), { workerData: share }).once('message', resolve).once('error', reject);
  });
}

/** Tells the story of a failure, and how to see it again. */
function fail({ seed, broken, story }: Failure): never {
  console.log(story.join('\n'));
  console.error(`\nseed ${seed} is broken at ${broken}\nagain: npm run simulate -- --seeds 1 --start ${seed}`);
  process.exit(1);
}

function options(): { readonly start: number; readonly seeds: number; readonly threads: number; readonly without: Safeguard | undefined } {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { seeds: text, start: text, threads: text, without: text } });
  const numbers = [values.start ?? '1', values.seeds ?? '1000', values.threads ?? String(availableParallelism())].map(Number);
  const [start, seeds, threads] = numbers as [number, number, number];
  const without = SAFEGUARDS.find((name) => name === values.without);
  if (numbers.every((number) => Number.isSafeInteger(number) && number >= 0) && threads > 0 && without === values.without)
    return { start, seeds, threads, without };
  console.error(USAGE);
  process.exit(2);
}
