import { OperationDone, ParkedEventPage } from '@orderlines/contracts';
import { Argument } from 'commander';
import { randomUUID } from 'node:crypto';
import type { CommandLine } from '../command-line.js';
import { refused } from '../command-error.js';
import type { Invocation } from '../invocation.js';
import { facts, table } from '../output/table.js';
import { segment } from '../server/client.js';
import { readLimit } from './get.js';

interface ParkedOptions {
  readonly instance?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** `parked`: events that could not be applied, and what becomes of them. */
export const addParked = (line: CommandLine): void => {
  line.root
    .command('parked')
    .summary('list, retry or drop events that could not be applied')
    .description(
      'Events that could not be applied hold up their run. List them, try one (and those behind it) again, or drop one for good.',
    )
    .addArgument(new Argument('[action]', 'what to do').choices(['list', 'retry', 'drop']).default('list'))
    .argument('[event]', 'id of the event')
    .option('--instance <instance>', 'those of this run')
    .option('--limit <number>', 'at most this many', readLimit, 50)
    .option('--cursor <cursor>', 'go on behind the last page')
    .action(line.action(parked));
};

const parked = async (invocation: Invocation, action: string, event: string | undefined, options: ParkedOptions): Promise<void> => {
  if (action === 'list') return list(invocation, options);
  if (event === undefined) throw refused('which event?', '`orderlines parked` lists them');
  const client = await invocation.client();
  const done = await client.ask(OperationDone, {
    method: 'POST',
    path: `parked-events/${segment(event)}/${action}`,
    headers: { 'idempotency-key': randomUUID() },
  });
  await invocation.print({ id: event, ...done }, () => facts({ event, 'status of the run': done.status }));
};

const list = async (invocation: Invocation, { instance, limit, cursor }: ParkedOptions): Promise<void> => {
  const client = await invocation.client();
  const page = await client.ask(ParkedEventPage, { method: 'GET', path: 'parked-events', query: { instance, limit, cursor } });
  await invocation.print(page, () =>
    table(
      [
        { heading: 'ID', value: (event) => event.id },
        { heading: 'RUN', value: (event) => event.instanceId },
        { heading: 'PARKED', value: (event) => event.parkedAt },
        { heading: 'BYTES', value: (event) => event.bytes },
        { heading: 'WHY', value: (event) => event.error },
      ],
      page.items,
    ),
  );
};
