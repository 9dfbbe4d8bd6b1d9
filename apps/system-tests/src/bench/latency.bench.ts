import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Platform } from '../harness/platform.js';
import type { BenchSystem } from './bench-system.js';
import { buildProcess, startInstance } from '../harness/load.js';
import { chainProcess } from './processes.js';
import type { BenchResult } from './result.js';
import { percentiles } from './statistics.js';

const TIMES = 200;
const WARM_UP_TIMES = 30;
/** Milliseconds at the 95th percentile that must not be passed. */
const BAR_MS = 30;

/** One run of one task on an idle system: from the start call to SUCCESS seen over SSE. */
export const latency = async (system: BenchSystem): Promise<BenchResult> => {
  const process = await buildProcess(system.platform, chainProcess('latency', 1));
  for (let time = 0; time < WARM_UP_TIMES; time++) await once(system.platform, process);
  const durations: number[] = [];
  for (let time = 0; time < TIMES; time++) durations.push(await once(system.platform, process));
  const figures = percentiles(durations);
  return {
    name: 'latency',
    work: `one instance, one task, idle system: start call → SUCCESS seen over SSE, ${TIMES} times`,
    ...figures,
    bar: { text: `p95 ≤ ${BAR_MS} ms`, met: figures.p95Ms <= BAR_MS },
  };
};

/** Milliseconds of one run as a caller sees them. */
const once = async (platform: Platform, process: string): Promise<number> => {
  const begun = performance.now();
  const id = await startInstance(platform, process);
  await seeSuccess(platform, id);
  return performance.now() - begun;
};

const seeSuccess = async (platform: Platform, id: string): Promise<void> => {
  const abort = new AbortController();
  const limit = setTimeout(() => abort.abort(new Error(`run ${id} did not succeed within 30 s`)), 30_000);
  try {
    const answer = await platform.fetch(`instances/${id}/events`, { signal: abort.signal, headers: { accept: 'text/event-stream' } });
    if (!answer.ok || !answer.body) throw new Error(`no events of ${id}: ${answer.status}`);
    for await (const { data } of answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())) {
      const row = (data ? JSON.parse(data) : {}) as { facts?: { type: string; status?: string }[] };
      if (row.facts?.some(({ type, status }) => type === 'instance' && status === 'SUCCESS')) return;
    }
    throw new Error(`the events of ${id} ended without SUCCESS`);
  } finally {
    clearTimeout(limit);
    abort.abort();
  }
};
