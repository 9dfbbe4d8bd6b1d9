import {
  EvaluationPage,
  TriedTrigger,
  TriggerBody,
  TriggerDetail,
  TriggerPage,
  TriggerView,
  TriggerWithAddress,
  type EvaluationView,
} from '@orderlines/contracts';
import { z } from 'zod';
import { parse } from 'yaml';
import type { CommandLine } from '../command-line.js';
import { refused } from '../command-error.js';
import { readDocument } from '../documents.js';
import type { Invocation } from '../invocation.js';
import { facts, table } from '../output/table.js';
import { segment } from '../server/client.js';

/** `triggers create|list|get|enable|disable|delete|rotate|evaluations|try`. */
export const addTriggers = (line: CommandLine): void => {
  const triggers = line.root
    .command('triggers')
    .summary('make, watch and change triggers')
    .description('Triggers: requests of webhooks and events that start processes.');
  triggers
    .command('create')
    .description('Make a trigger from a YAML or JSON file; the address of a webhook is shown this once.')
    .requiredOption('-f, --filename <file>', 'the file; - reads standard input')
    .action(line.action(create));
  triggers
    .command('list')
    .description('List triggers.')
    .option('-n, --namespace <namespace>', 'only of this namespace')
    .option('--kind <kind>', 'webhook or event')
    .action(line.action(list));
  triggers.command('get <trigger>').description('Show a trigger, by its id or namespace/name.').action(line.action(get));
  triggers
    .command('enable <trigger>')
    .description('Hear again; what happened meanwhile is none of its.')
    .action(line.action((invocation, trigger: string) => change(invocation, trigger, 'enable', {})));
  triggers
    .command('disable <trigger>')
    .description('Hear nothing until it is enabled.')
    .option('--note <text>', 'why')
    .action(
      line.action((invocation, trigger: string, { note = '' }: { note?: string }) => change(invocation, trigger, 'disable', { note })),
    );
  triggers.command('delete <trigger>').description('Remove a trigger; its evaluations and its runs stay.').action(line.action(remove));
  triggers
    .command('rotate <trigger>')
    .description('Give the webhook another address, shown this once; the older one is nothing any more.')
    .action(line.action(rotate));
  triggers
    .command('evaluations <trigger>')
    .description('Show what came of its events and why, newest first.')
    .option('--outcome <outcome>', 'only with this outcome')
    .option('--limit <n>', 'so many rows', '50')
    .action(line.action(evaluations));
  triggers
    .command('try <trigger>')
    .description('Show what it would make of an event; nothing is stored or started.')
    .requiredOption(
      '-f, --filename <file>',
      'the event as YAML or JSON: `body` and `headers`, or `type` and `data`; - reads standard input',
    )
    .action(line.action(tryOut));
};

const pathOf = (trigger: string): string => `triggers/${segment(trigger)}`;

const shown = ({ id, namespace, name, kind, enabled, note }: TriggerView): string =>
  facts({ id, trigger: `${namespace}/${name}`, kind, state: enabled ? 'enabled' : 'disabled', note });

const withAddress = (trigger: TriggerWithAddress): string =>
  shown(trigger) + (trigger.path === null ? '' : facts({ 'address, shown this once': trigger.path }));

const create = async (invocation: Invocation, { filename }: { filename: string }): Promise<void> => {
  const body = TriggerBody.safeParse(parse(await readDocument(filename, invocation.terminal)));
  if (!body.success) throw refused(z.prettifyError(body.error));
  const client = await invocation.client();
  const made = await client.ask(TriggerWithAddress, { method: 'POST', path: 'triggers', body: body.data, document: filename });
  await invocation.print(made, () => withAddress(made));
};

const list = async (invocation: Invocation, query: { namespace?: string; kind?: string }): Promise<void> => {
  const page = await (await invocation.client()).ask(TriggerPage, { method: 'GET', path: 'triggers', query: { ...query, limit: 500 } });
  await invocation.print(page, () =>
    table<TriggerView>(
      [
        { heading: 'TRIGGER', value: ({ namespace, name }) => `${namespace}/${name}` },
        { heading: 'KIND', value: ({ kind }) => kind },
        { heading: 'PROCESS', value: ({ process }) => process },
        { heading: 'STATE', value: ({ enabled }) => (enabled ? 'enabled' : 'disabled') },
        { heading: 'NOTE', value: ({ note }) => note },
      ],
      page.items,
    ),
  );
};

const get = async (invocation: Invocation, trigger: string): Promise<void> => {
  const detail = await (await invocation.client()).ask(TriggerDetail, { method: 'GET', path: pathOf(trigger) });
  const counts = Object.fromEntries(Object.entries(detail.counts).map(([outcome, count]) => [outcome, String(count)]));
  await invocation.print(detail, () => shown(detail) + facts(counts));
};

const change = async (invocation: Invocation, trigger: string, operation: 'enable' | 'disable', body: object): Promise<void> => {
  const changed = await (await invocation.client()).ask(TriggerView, { method: 'POST', path: `${pathOf(trigger)}/${operation}`, body });
  await invocation.print(changed, () => shown(changed));
};

const remove = async (invocation: Invocation, trigger: string): Promise<void> => {
  await (await invocation.client()).ask(z.unknown(), { method: 'DELETE', path: pathOf(trigger) });
  await invocation.print({ deleted: trigger }, () => `deleted ${trigger}\n`);
};

const rotate = async (invocation: Invocation, trigger: string): Promise<void> => {
  const client = await invocation.client();
  const rotated = await client.ask(TriggerWithAddress, { method: 'POST', path: `${pathOf(trigger)}/rotate`, body: {} });
  await invocation.print(rotated, () => withAddress(rotated));
};

const evaluations = async (invocation: Invocation, trigger: string, query: { outcome?: string; limit: string }): Promise<void> => {
  const client = await invocation.client();
  const page = await client.ask(EvaluationPage, { method: 'GET', path: `${pathOf(trigger)}/evaluations`, query: { ...query } });
  await invocation.print(page, () =>
    table<EvaluationView>(
      [
        { heading: 'AT', value: ({ createdAt }) => createdAt },
        { heading: 'EVENT', value: ({ eventType }) => eventType },
        { heading: 'OUTCOME', value: ({ outcome }) => outcome },
        { heading: 'RUN', value: ({ instanceId }) => instanceId ?? '' },
        { heading: 'WHY', value: ({ message, reason }) => message ?? reason ?? '' },
      ],
      page.items,
    ),
  );
};

const tryOut = async (invocation: Invocation, trigger: string, { filename }: { filename: string }): Promise<void> => {
  const event: unknown = parse(await readDocument(filename, invocation.terminal));
  const client = await invocation.client();
  const tried = await client.ask(TriedTrigger, { method: 'POST', path: `${pathOf(trigger)}/try`, body: { event }, document: filename });
  await invocation.print(tried, () =>
    facts({ matches: tried.matches ? 'yes' : 'no', why: tried.message ?? '', params: tried.params ? JSON.stringify(tried.params) : '' }),
  );
};
