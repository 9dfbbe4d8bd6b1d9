import { EventPage, EventsTaken, type EventView, type Json } from '@orderlines/contracts';
import { parse } from 'yaml';
import type { CommandLine } from '../command-line.js';
import { refused } from '../command-error.js';
import { readDocument } from '../documents.js';
import type { Invocation } from '../invocation.js';
import { facts, table } from '../output/table.js';

interface PublishOptions {
  readonly namespace?: string;
  readonly id?: string;
  readonly source?: string;
  readonly subject?: string;
  readonly data?: string;
  readonly filename?: string;
}

/** `event publish|list`: what the world outside tells triggers. */
export const addEvent = (line: CommandLine): void => {
  const event = line.root
    .command('event')
    .summary('publish events and list them')
    .description('Events of the world outside, which triggers hear.');
  event
    .command('publish <type>')
    .description('Publish an event: a push, an artifact, an alert.')
    .option('-n, --namespace <namespace>', 'whose triggers hear it')
    .option('--id <id>', 'the same id of the same source is the same event; a new one when it is left out')
    .option('--source <source>', 'who says it; your user when it is left out')
    .option('--subject <subject>', 'what it is about')
    .option('--data <json>', 'its data as JSON')
    .option('-f, --filename <file>', 'its data as a YAML or JSON file; - reads standard input')
    .action(line.action(publish));
  event
    .command('list')
    .description('List events that somebody published, newest first.')
    .option('-n, --namespace <namespace>', 'only of this namespace')
    .option('--type <type>', 'only of this type')
    .option('--limit <n>', 'so many rows', '50')
    .action(line.action(list));
};

const publish = async (invocation: Invocation, type: string, { data, filename, ...named }: PublishOptions): Promise<void> => {
  if (data !== undefined && filename !== undefined) throw refused('give the data by --data or by --filename, not by both');
  const text = filename === undefined ? data : await readDocument(filename, invocation.terminal);
  const event = { type, ...named, ...(text !== undefined && { data: valueOf(text) }) };
  const client = await invocation.client();
  const taken = await client.ask(EventsTaken, { method: 'POST', path: 'events', body: { events: [event] } });
  const [first] = taken.events;
  await invocation.print(taken, () =>
    facts({ id: first?.id ?? '', source: first?.source ?? '', state: first?.known ? 'published before' : 'taken' }),
  );
};

/** JSON is YAML. */
const valueOf = (text: string): Json => {
  try {
    return parse(text) as Json;
  } catch (error) {
    throw refused(`the data cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const list = async (invocation: Invocation, query: { namespace?: string; type?: string; limit: string }): Promise<void> => {
  const page = await (await invocation.client()).ask(EventPage, { method: 'GET', path: 'events', query: { ...query } });
  await invocation.print(page, () =>
    table<EventView>(
      [
        { heading: 'TIME', value: ({ time }) => time },
        { heading: 'NAMESPACE', value: ({ namespace }) => namespace },
        { heading: 'TYPE', value: ({ type }) => type },
        { heading: 'SUBJECT', value: ({ subject }) => subject },
        { heading: 'BY', value: ({ publishedBy }) => publishedBy },
      ],
      page.items,
    ),
  );
};
