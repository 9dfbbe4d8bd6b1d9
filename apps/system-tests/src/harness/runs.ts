import { EventSourceParserStream } from 'eventsource-parser/stream';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import type { Platform } from './platform.js';

/** What tests look at in a run, as scripts see it. */
export interface Run {
  readonly id: string;
  readonly number: number;
  readonly status: string;
  readonly reason: string | null;
  readonly error: { readonly message: string; readonly reason: string } | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>> | null;
  readonly tasks: readonly RunTask[];
}

/** One execution of a node. */
export interface RunTask {
  readonly id: string;
  readonly nodeId: string;
  readonly path: string;
  readonly visit: number;
  readonly status: string;
  readonly reason: string | null;
  readonly attempts: unknown;
  readonly result: unknown;
  readonly error: { readonly message: string; readonly reason: string } | null;
}

/** Answer to a build. */
export interface Built {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly converted: readonly unknown[];
}

const ENDED = ['SUCCESS', 'FAILURE', 'STOP'];

/** A run as it is now. */
export const readRun = async (platform: Platform, id: string): Promise<Run> => {
  const answer = await platform.fetch(`instances/${id}`);
  if (!answer.ok) throw new Error(`run ${id}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Run;
};

/** Waits until a run is as wanted; says how it stands when that does not come. */
export const runThat = async (
  platform: Platform,
  id: string,
  what: string,
  wanted: (run: Run) => boolean,
  limitMs = 120_000,
): Promise<Run> => {
  let last: Run | undefined;
  try {
    return await eventually(
      `run ${id} ${what}`,
      async () => {
        last = await readRun(platform, id);
        return wanted(last) && last;
      },
      { limitMs, everyMs: 100 },
    );
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${JSON.stringify(last, null, 2)}\n${platform.outputs}`, { cause: error });
  }
};

/** Waits for the end of a run. */
export const endOf = (platform: Platform, id: string, limitMs?: number): Promise<Run> =>
  runThat(platform, id, 'has ended', ({ status }) => ENDED.includes(status), limitMs);

/** Waits until a node of a run is being executed. */
export const untilRunning = (platform: Platform, id: string, nodeId: string): Promise<Run> =>
  runThat(
    platform,
    id,
    `executes ${nodeId}`,
    ({ tasks }) => tasks.some((task) => task.nodeId === nodeId && task.status === 'RUNNING'),
    60_000,
  );

/** Stores a process by the command line, as people do. */
export const build = (platform: Platform, file: string): Promise<Built> => platform.json(['build-process-by-yaml', '-f', file]);

/** Stores a process given as YAML text, over HTTP. */
export const buildText = async (platform: Platform, content: string): Promise<Built> => {
  const answer = await platform.fetch('processes', { method: 'POST', body: JSON.stringify({ content, format: 'yaml' }) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Built;
};

/** Starts a run by the command line; gives its id. */
export const start = async (platform: Platform, process: string, params: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  (await platform.json<{ id: string }>(['start-process', '-p_id', process, '--params', JSON.stringify(params)])).id;

/** Writes a text into a file of a folder; gives its path. */
export const fileIn = async (folder: string, name: string, content: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

/** All history rows of a run over SSE, to the `end` event. */
export const eventsOf = async (
  platform: Platform,
  id: string,
  lastEventId?: string,
): Promise<{ id?: string; event?: string; data: string }[]> => {
  const answer = await platform.fetch(`instances/${id}/events`, {
    signal: AbortSignal.timeout(120_000),
    headers: { accept: 'text/event-stream', ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
  });
  if (!answer.ok || !answer.body) throw new Error(`${answer.status} ${await answer.text()}`);
  const events = [];
  for await (const event of answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())) {
    events.push(event);
    if (event.event === 'end') break;
  }
  return events;
};
