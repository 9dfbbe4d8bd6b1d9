import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Platform } from '../harness/platform.js';

/** Stores a process through the gateway; gives its id. */
export const buildProcess = async (platform: Platform, content: string): Promise<string> => {
  const answer = await platform.fetch('processes', { method: 'POST', body: JSON.stringify({ content, format: 'json' }) });
  if (!answer.ok) throw new Error(`the process was refused: ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
};

/** Kept open: a start must cost the load generator less than the services, which share its processors. */
const connections = new Agent({ keepAlive: true });
const START_LIMIT_MS = 30_000;

/** Starts one run through the gateway; gives its id. */
export const startInstance = async (
  platform: Platform,
  process: string,
  params: Readonly<Record<string, unknown>> = {},
): Promise<string> => {
  const { status, body } = await post(platform, 'instances', JSON.stringify({ process, params, origin: 'api' }));
  if (status >= 300) throw new Error(`the start was refused: ${status} ${body}`);
  return (JSON.parse(body) as { id: string }).id;
};

/** What `fetch` does at a third of its cost. */
const post = (platform: Platform, path: string, body: string): Promise<{ readonly status: number; readonly body: string }> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${platform.token}`, 'content-type': 'application/json' };
    const started = request(`${platform.url}/api/v1/${path}`, { method: 'POST', agent: connections, headers, timeout: START_LIMIT_MS });
    started.on('response', (answer) => void text(answer).then((all) => resolve({ status: answer.statusCode ?? 0, body: all }), reject));
    started.on('timeout', () => started.destroy(new Error(`${path} was not answered within ${START_LIMIT_MS} ms`)));
    started.on('error', reject);
    started.end(body);
  });

/** Does a number of things, some at a time. */
export const inParallel = async (times: number, atOnce: number, work: (index: number) => Promise<void>): Promise<void> => {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < times) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, times) }, lane));
};
