import type { Platform } from '../harness/platform.js';

/** Stores a process through the gateway; gives its id. */
export const buildProcess = async (platform: Platform, content: string): Promise<string> => {
  const answer = await platform.fetch('processes', { method: 'POST', body: JSON.stringify({ content, format: 'json' }) });
  if (!answer.ok) throw new Error(`the process was refused: ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
};

/** Starts one run through the gateway; gives its id. */
export const startInstance = async (
  platform: Platform,
  process: string,
  params: Readonly<Record<string, unknown>> = {},
): Promise<string> => {
  const answer = await platform.fetch('instances', { method: 'POST', body: JSON.stringify({ process, params, origin: 'api' }) });
  if (!answer.ok) throw new Error(`the start was refused: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
};

/** Does a number of things, some at a time. */
export const inParallel = async (times: number, atOnce: number, work: (index: number) => Promise<void>): Promise<void> => {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < times) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, times) }, lane));
};
