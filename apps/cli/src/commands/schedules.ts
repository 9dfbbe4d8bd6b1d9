import {
  BackfillPlan,
  BackfillView,
  ScheduleBody,
  ScheduleDetail,
  SchedulePage,
  ScheduleView,
  SlotPage,
  SlotPreview,
  SlotView,
} from '@orderlines/contracts';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { parse } from 'yaml';
import type { CommandLine } from '../command-line.js';
import { refused } from '../command-error.js';
import { readDocument } from '../documents.js';
import type { Invocation } from '../invocation.js';
import { facts, table } from '../output/table.js';
import { segment } from '../server/client.js';

interface BackfillOptions {
  readonly from: string;
  readonly until: string;
  readonly reprocess?: string;
  readonly maxActive?: string;
  readonly reverse?: true;
  readonly dry?: true;
}

/** `schedules create|list|get|slots|preview|pause|resume|run|answer|backfill|delete`; `schedule` is the scheduler itself, as in the original. */
export const addSchedules = (line: CommandLine): void => {
  const schedules = line.root.command('schedules').summary('make, watch and change schedules').description('Schedules of processes.');
  schedules
    .command('create')
    .description('Make a schedule from a YAML or JSON file: namespace, name, process, plan and policies.')
    .requiredOption('-f, --filename <file>', 'the file; - reads standard input')
    .action(line.action(create));
  schedules
    .command('list')
    .description('List schedules.')
    .option('-n, --namespace <namespace>', 'only of this namespace')
    .option('--state <state>', 'active, paused or ended')
    .action(line.action(list));
  schedules.command('get <schedule>').description('Show a schedule, by its id or namespace/name.').action(line.action(get));
  schedules
    .command('slots <schedule>')
    .description('Show the fire ledger: what became of each slot and why, newest first.')
    .option('--status <status>', 'only with this status')
    .option('--limit <n>', 'so many rows', '50')
    .action(line.action(slots));
  schedules
    .command('preview <schedule>')
    .description('Show when it fires next.')
    .option('--count <n>', 'so many times', '10')
    .action(line.action(preview));
  schedules
    .command('pause <schedule>')
    .description('Fire nothing until it is resumed.')
    .option('--note <text>', 'why')
    .action(
      line.action((invocation, schedule: string, { note = '' }: { note?: string }) => change(invocation, schedule, 'pause', { note })),
    );
  schedules
    .command('resume <schedule>')
    .description('Go on with the first slot from now.')
    .action(line.action((invocation, schedule: string) => change(invocation, schedule, 'resume', {})));
  schedules.command('run <schedule>').description('Start a run now, beside the plan.').action(line.action(runNow));
  schedules
    .command('answer <schedule> <slot> <decision>')
    .description('Confirm or refuse a slot that wants to be confirmed: `confirm` or `refuse`.')
    .option('--message <text>', 'what is said to it', '')
    .action(line.action(answer));
  schedules
    .command('backfill <schedule>')
    .description('Run the slots of a range that have not run; with --dry only list them.')
    .requiredOption('--from <moment>', 'the first moment, ISO 8601 with an offset')
    .requiredOption('--until <moment>', 'the moment behind the last one')
    .option('--reprocess <which>', 'none, failed or completed: what is run again', 'none')
    .option('--max-active <n>', 'runs at a time', '1')
    .option('--reverse', 'the newest slot first')
    .option('--dry', 'only say which slots it would run')
    .action(line.action(backfill));
  schedules.command('delete <schedule>').description('Remove a schedule; its ledger and its runs stay.').action(line.action(remove));
};

const pathOf = (schedule: string): string => `schedules/${segment(schedule)}`;

const shown = ({ id, namespace, name, state, note, nextSlotAt }: ScheduleView): string =>
  facts({ id, schedule: `${namespace}/${name}`, state, note, 'next slot': nextSlotAt ?? 'none' });

const create = async (invocation: Invocation, { filename }: { filename: string }): Promise<void> => {
  const body = ScheduleBody.safeParse(parse(await readDocument(filename, invocation.terminal)));
  if (!body.success) throw refused(z.prettifyError(body.error));
  const made = await (
    await invocation.client()
  ).ask(ScheduleView, { method: 'POST', path: 'schedules', body: body.data, document: filename });
  await invocation.print(made, () => shown(made));
};

const list = async (invocation: Invocation, query: { namespace?: string; state?: string }): Promise<void> => {
  const page = await (await invocation.client()).ask(SchedulePage, { method: 'GET', path: 'schedules', query: { ...query, limit: 500 } });
  await invocation.print(page, () =>
    table<ScheduleView>(
      [
        { heading: 'SCHEDULE', value: ({ namespace, name }) => `${namespace}/${name}` },
        { heading: 'PROCESS', value: ({ process }) => process },
        { heading: 'STATE', value: ({ state }) => state },
        { heading: 'NEXT SLOT', value: ({ nextSlotAt }) => nextSlotAt ?? '' },
        { heading: 'NOTE', value: ({ note }) => note },
      ],
      page.items,
    ),
  );
};

const get = async (invocation: Invocation, schedule: string): Promise<void> => {
  const detail = await (await invocation.client()).ask(ScheduleDetail, { method: 'GET', path: pathOf(schedule) });
  await invocation.print(detail, () => shown(detail));
};

const slots = async (invocation: Invocation, schedule: string, query: { status?: string; limit: string }): Promise<void> => {
  const page = await (await invocation.client()).ask(SlotPage, { method: 'GET', path: `${pathOf(schedule)}/slots`, query: { ...query } });
  await invocation.print(page, () =>
    table<SlotView>(
      [
        { heading: 'SLOT', value: ({ slotAt }) => slotAt },
        { heading: 'SERIES', value: ({ series }) => series },
        { heading: 'STATUS', value: ({ status }) => status },
        { heading: 'RUN', value: ({ instanceId }) => instanceId ?? '' },
        { heading: 'WHY', value: ({ message, reason }) => message ?? reason ?? '' },
      ],
      page.items,
    ),
  );
};

const preview = async (invocation: Invocation, schedule: string, query: { count: string }): Promise<void> => {
  const found = await (
    await invocation.client()
  ).ask(SlotPreview, { method: 'GET', path: `${pathOf(schedule)}/preview`, query: { ...query } });
  await invocation.print(found, () =>
    table<SlotPreview['slots'][number]>(
      [
        { heading: 'SLOT', value: ({ slotAt }) => slotAt },
        { heading: 'ON ITS CLOCK', value: ({ shown: clock }) => clock },
        { heading: 'DUE', value: ({ dueAt }) => dueAt },
      ],
      found.slots,
    ),
  );
};

const change = async (invocation: Invocation, schedule: string, operation: 'pause' | 'resume', body: object): Promise<void> => {
  const changed = await (await invocation.client()).ask(ScheduleView, { method: 'POST', path: `${pathOf(schedule)}/${operation}`, body });
  await invocation.print(changed, () => shown(changed));
};

const runNow = async (invocation: Invocation, schedule: string): Promise<void> => {
  const headers = { 'idempotency-key': randomUUID() };
  const slot = await (await invocation.client()).ask(SlotView, { method: 'POST', path: `${pathOf(schedule)}/run`, body: {}, headers });
  await invocation.print(slot, () => facts({ slot: slot.id, status: slot.status }));
};

const answer = async (
  invocation: Invocation,
  schedule: string,
  id: string,
  decision: string,
  { message }: { message: string },
): Promise<void> => {
  const path = `${pathOf(schedule)}/slots/${segment(id)}/answer`;
  const slot = await (await invocation.client()).ask(SlotView, { method: 'POST', path, body: { decision, message } });
  await invocation.print(slot, () => facts({ slot: slot.id, status: slot.status }));
};

const backfill = async (invocation: Invocation, schedule: string, options: BackfillOptions): Promise<void> => {
  const { maxActive, ...rest } = options;
  const request = { method: 'POST', path: `${pathOf(schedule)}/backfills`, body: { ...rest, maxActive: Number(maxActive) } } as const;
  const client = await invocation.client();
  if (options.dry) {
    const plan = await client.ask(BackfillPlan, request);
    return invocation.print(plan, () => `${plan.slots.join('\n')}\n${plan.slots.length} slots, ${plan.left} are left alone\n`);
  }
  const begun = await client.ask(BackfillView, request);
  await invocation.print(begun, () => facts({ id: begun.id, state: begun.state, slots: String(begun.slots) }));
};

const remove = async (invocation: Invocation, schedule: string): Promise<void> => {
  await (await invocation.client()).ask(z.unknown(), { method: 'DELETE', path: pathOf(schedule) });
  await invocation.print({ deleted: schedule }, () => `deleted ${schedule}\n`);
};
