import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { BenchSystem } from './bench-system.js';
import { buildProcess, startInstance } from '../harness/load.js';
import { linesProcess } from './processes.js';
import type { BenchResult } from './result.js';
import { rounded } from './statistics.js';

const LINES = 100_000;
/** Lines a second that must be reached. */
const BAR = 20_000;
const LIMIT_MS = 120_000;

/** One task that writes many lines, and somebody who follows them over SSE: lines a second from the start to the last line seen. */
export const logs = async (system: BenchSystem): Promise<BenchResult> => {
  await follow(system, await buildProcess(system.platform, linesProcess('warm-up', 1_000)), 1_000);
  const process = await buildProcess(system.platform, linesProcess('logs', LINES));
  const before = system.servicesMegabytes;
  const seconds = await follow(system, process, LINES);
  const linesPerSecond = rounded(LINES / seconds);
  return {
    name: 'logs',
    work: `one task writing ${LINES} lines, followed over SSE: ${linesPerSecond} lines/s; services had ${before} MB before`,
    seconds: rounded(seconds),
    rssMb: system.servicesMegabytes,
    bar: { text: `≥ ${BAR} lines/s`, met: linesPerSecond >= BAR },
  };
};

/** Seconds from the start of a run until so many lines of its log were seen. */
const follow = async ({ platform }: BenchSystem, process: string, lines: number): Promise<number> => {
  const abort = new AbortController();
  const limit = setTimeout(() => abort.abort(new Error(`not all of ${lines} lines came within ${LIMIT_MS} ms`)), LIMIT_MS);
  try {
    const begun = performance.now();
    const id = await startInstance(platform, process);
    const answer = await platform.fetch(`instances/${id}/logs/stream`, { signal: abort.signal, headers: { accept: 'text/event-stream' } });
    if (!answer.ok || !answer.body) throw new Error(`no log of ${id}: ${answer.status}`);
    let seen = 0;
    for await (const { data } of answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())) {
      seen += countLines(data);
      if (seen >= lines) return (performance.now() - begun) / 1_000;
    }
    throw new Error(`the log of ${id} ended after ${seen} lines`);
  } finally {
    clearTimeout(limit);
    abort.abort();
  }
};

const countLines = (data: string): number => {
  const given: unknown = data ? JSON.parse(data) : [];
  return Array.isArray(given) ? (given as { text: string }[]).filter(({ text }) => text.startsWith('line ')).length : 0;
};
