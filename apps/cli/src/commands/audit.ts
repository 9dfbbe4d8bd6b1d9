import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { ApiLogPage, AuditPage, AuditVerification, TABLE_FORMATS, type ApiLogEntry, type AuditView } from '@orderlines/contracts';
import { Option, type Command } from 'commander';
import { EXIT, type ExitCode } from '../command-error.js';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { facts, table, type Column } from '../output/table.js';
import { notice } from '../terminal.js';
import { readLimit } from './get.js';

/** The longest export over a slow line. */
const EXPORT_LIMIT_MS = 3_600_000;
const PAGE = 50;

type Filter = Readonly<Record<string, string | number | undefined>>;
interface ExportOptions extends Filter {
  readonly format: string;
  readonly to?: string;
}

/** `audit` shows who changed what and who was refused what; `api-log` every request that came in. */
export const addAudit = (line: CommandLine): void => {
  const audit = line.root
    .command('audit')
    .summary('show, export or verify the audit trail')
    .description('Who changed what from where, and who was refused what, in a chain that cannot be changed unseen.');
  filtered(audit.command('list').description('List records, newest first.'), AUDIT_FILTERS)
    .option('--limit <number>', 'at most this many', readLimit, PAGE)
    .option('--cursor <cursor>', 'go on behind the last page')
    .action(line.action((invocation, filter: Filter) => show(invocation, 'audit', filter, AuditPage, AUDIT_COLUMNS)));
  exporting(filtered(audit.command('export').description('Write all records that the filters let through.'), AUDIT_FILTERS)).action(
    line.action((invocation, options: ExportOptions) => writeAll(invocation, 'audit', options)),
  );
  audit
    .command('verify')
    .description(
      'Walk the whole chain: tells every record that was changed, removed or put in by other means. Exit code 1 when there is one.',
    )
    .option('--noted <head>', 'the `head` that an earlier verification gave: it must still be in the chain')
    .action(line.action(verify));

  const log = line.root
    .command('api-log')
    .summary('show or export the log of requests')
    .description('Every request that came in by HTTP or gRPC.');
  filtered(log.command('list').description('List requests, those answered last first.'), LOG_FILTERS)
    .option('--limit <number>', 'at most this many', readLimit, PAGE)
    .option('--cursor <cursor>', 'go on behind the last page')
    .action(line.action((invocation, filter: Filter) => show(invocation, 'api-log', filter, ApiLogPage, LOG_COLUMNS)));
  exporting(filtered(log.command('export').description('Write all requests that the filters let through.'), LOG_FILTERS)).action(
    line.action((invocation, options: ExportOptions) => writeAll(invocation, 'api-log', options)),
  );
};

const AUDIT_FILTERS = [
  ['actor', 'user who did or tried it'],
  ['action', 'what was done, e.g. publish'],
  ['kind', 'kind of what it was done to, e.g. Process'],
  ['subject', 'id or name of what it was done to'],
  ['namespace', 'namespace of what it was done to'],
  ['outcome', '`done` or `refused`'],
  ['request-id', 'one request'],
  ['since', 'from this moment on, e.g. 2026-01-31T08:00:00Z'],
  ['until', 'before this moment'],
] as const;
const LOG_FILTERS = [
  ['visitor', 'user name'],
  ['method', 'GET, POST … or RPC'],
  ['path', 'a part of the path'],
  ['message', 'a part of the message'],
  ['request-id', 'one request'],
  ['min-status', 'this status or a higher one'],
  ['max-status', 'this status or a lower one'],
  ['min-duration', 'as slow as this, milliseconds'],
  ['since', 'from this moment on'],
  ['until', 'before this moment'],
] as const;

const filtered = (command: Command, filters: readonly (readonly [name: string, description: string])[]): Command =>
  filters.reduce((added, [name, description]) => added.option(`--${name} <value>`, description), command);

const exporting = (command: Command): Command =>
  command
    .addOption(new Option('--format <format>', 'form of the file').choices(TABLE_FORMATS).default('csv'))
    .option('--to <path>', 'write here');

const queryOf = (filter: Filter): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
  return query.toString();
};

const show = async <Row>(
  invocation: Invocation,
  path: string,
  filter: Filter,
  page: typeof AuditPage | typeof ApiLogPage,
  columns: readonly Column<Row>[],
): Promise<void> => {
  const found = await (await invocation.client()).ask(page, { method: 'GET', path: `${path}?${queryOf(filter)}` });
  await invocation.print(found, () => table<Row>(columns, found.items as Row[]));
  if (found.nextCursor !== null) notice(invocation.terminal, `more: --cursor ${found.nextCursor}`);
};

const AUDIT_COLUMNS: readonly Column<AuditView>[] = [
  { heading: 'AT', value: ({ at }) => at },
  { heading: 'ACTOR', value: ({ actor }) => actor },
  { heading: 'FROM', value: ({ door, address }) => `${door} ${address}`.trim() },
  { heading: 'ACTION', value: ({ action }) => action },
  { heading: 'KIND', value: ({ subject }) => subject.kind },
  { heading: 'SUBJECT', value: ({ subject }) => [subject.namespace, subject.name || subject.id].filter(Boolean).join('/') },
  { heading: 'OUTCOME', value: ({ outcome, reason }) => (reason === null ? outcome : `${outcome}: ${reason.message}`) },
];
const LOG_COLUMNS: readonly Column<ApiLogEntry>[] = [
  { heading: 'AT', value: ({ at }) => at },
  { heading: 'VISITOR', value: ({ visitor }) => visitor },
  { heading: 'METHOD', value: ({ method }) => method },
  { heading: 'PATH', value: ({ path }) => path },
  { heading: 'STATUS', value: ({ status }) => status },
  { heading: 'MS', value: ({ durationMs }) => durationMs },
  { heading: 'MESSAGE', value: ({ message }) => message },
];

const writeAll = async (invocation: Invocation, path: string, { to, ...query }: ExportOptions): Promise<void> => {
  const request = { method: 'GET', path: `${path}/export?${queryOf(query)}` } as const;
  const { body } = await (await invocation.client()).send(request, AbortSignal.timeout(EXPORT_LIMIT_MS));
  if (body === null) return;
  const content = Readable.fromWeb(body as ReadableStream);
  if (to === undefined) return pipeline(content, invocation.terminal.output, { end: false });
  await pipeline(content, createWriteStream(to));
  notice(invocation.terminal, `written to ${to}`);
};

const verify = async (invocation: Invocation, filter: { readonly noted?: string }): Promise<ExitCode> => {
  const found = await (
    await invocation.client()
  ).ask(AuditVerification, { method: 'GET', path: `audit/verification?${queryOf({ ...filter })}` });
  await invocation.print(found, () =>
    [
      facts({
        intact: found.intact,
        records: found.records,
        'not linked yet': found.pending,
        signature: found.signature,
        head: found.head,
      }),
      ...found.problems.map(({ message }) => message),
    ].join('\n'),
  );
  return found.intact ? EXIT.success : EXIT.failedRun;
};
