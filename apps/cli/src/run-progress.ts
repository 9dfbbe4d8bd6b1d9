import { InstanceDetail } from '@orderlines/contracts';
import { z } from 'zod';
import { EXIT, type ExitCode } from './command-error.js';
import type { Invocation } from './invocation.js';
import { instanceText } from './output/instance-text.js';
import { type ApiClient, runPath } from './server/client.js';
import { followEvents } from './server/event-stream.js';
import { notice } from './terminal.js';

/** What a screen needs of a history row; facts of kinds that this version does not know are left out. */
const LiveFacts = z.object({
  seq: z.number(),
  at: z.string(),
  facts: z.array(
    z.looseObject({
      type: z.string(),
      status: z.string().optional(),
      path: z.string().optional(),
      visit: z.number().optional(),
      attempt: z.number().optional(),
      name: z.string().optional(),
      actor: z.string().optional(),
      message: z.string().nullish(),
    }),
  ),
});
type LiveFact = z.infer<typeof LiveFacts>['facts'][number];

/** One line of progress for each fact of a run, as they come, to its end. */
export async function* progress(client: ApiClient, instanceId: string): AsyncGenerator<{ readonly line: string; readonly fact: LiveFact }> {
  const abort = new AbortController();
  try {
    for await (const event of followEvents(client, { path: `${runPath(instanceId)}/events` }, abort.signal)) {
      const row = LiveFacts.safeParse(JSON.parse(event.data));
      if (!row.success) continue;
      const time = new Date(row.data.at).toLocaleTimeString('en-GB');
      for (const fact of row.data.facts) {
        const text = factText(fact);
        if (text !== undefined) yield { line: `${time}  ${text}`, fact };
      }
    }
  } finally {
    abort.abort();
  }
}

/** Waits for the end of a run, with progress for people, then prints it; the exit code says whether it ended as wanted. */
export const waitForEnd = async (
  invocation: Invocation,
  client: ApiClient,
  instanceId: string,
  wanted: InstanceDetail['status'] = 'SUCCESS',
): Promise<ExitCode> => {
  const shown = invocation.format() === 'table';
  for await (const { line } of progress(client, instanceId)) if (shown) notice(invocation.terminal, line);
  const instance = await client.ask(InstanceDetail, { method: 'GET', path: runPath(instanceId) });
  await invocation.print(instance, () => instanceText(instance));
  return instance.status === wanted ? EXIT.success : EXIT.failedRun;
};

const factText = (fact: LiveFact): string | undefined => {
  const message = fact.message ? `  ${fact.message}` : '';
  if (fact.type === 'instance') return `${column(fact.status)}the run${message}`;
  if (fact.type === 'operation') return `${column(fact.name)}by ${fact.actor}`;
  if (fact.type !== 'task') return undefined;
  const again = [
    fact.visit && fact.visit > 1 ? `visit ${fact.visit}` : '',
    fact.attempt && fact.attempt > 1 ? `attempt ${fact.attempt}` : '',
  ];
  const about = again.filter(Boolean).join(', ');
  return `${column(fact.status)}${fact.path}${about ? ` (${about})` : ''}${message}`;
};

const column = (text = ''): string => text.padEnd(9);
