import { DraftView, PublishCheck, SavedProcess, VersionComparison, VersionPage, VersionSummary } from '@orderlines/contracts';
import { EXIT, refused, type ExitCode } from '../command-error.js';
import type { CommandLine } from '../command-line.js';
import { readDocument } from '../documents.js';
import type { Invocation } from '../invocation.js';
import { comparisonText, differenceLines } from '../output/comparison-text.js';
import { problemLine } from '../output/problems.js';
import { facts, table } from '../output/table.js';
import { segment } from '../server/client.js';
import type { Terminal } from '../terminal.js';

/** `diff`, `check`, `copy-process` and `versions list|offline|online|restore|delete`. */
export const addVersions = (line: CommandLine): void => {
  line.root
    .command('diff')
    .summary('compare versions of a process node by node')
    .description(
      'Compare two versions of a process node by node; by default the latest published one and the draft. With -f a file is compared with what the server has.',
    )
    .argument('<process>', 'id, namespace/name, or the process_id of an imported file')
    .argument('[from]', 'number of a version, `latest` or `draft`', 'latest')
    .argument('[to]', 'number of a version, `latest` or `draft`', 'draft')
    .option('-f, --filename <file>', 'compare this definition with `from`; `-` reads standard input')
    .action(line.action(diff));
  line.root
    .command('check')
    .summary('say what publishing a definition would do')
    .description(
      'Say what publishing a file would do, without doing it: problems, differences to the published version, missing secrets, variables, queues and ' +
        'processes, and the schedules, callers, runs and hosts it touches. Exit code 2 when it cannot be published.',
    )
    .argument('<file>', 'YAML or JSON; `-` reads standard input')
    .action(line.action(check));
  line.root
    .command('copy-process')
    .summary('publish a process under another name or namespace')
    .description('Publish a version of a process as a process of another name or namespace.')
    .argument('<process>', 'id or namespace/name')
    .argument('<namespace>', 'where to')
    .option('--name <name>', 'what the copy is called')
    .option('--version-number <number>', 'which version; the latest published one when left out', Number)
    .action(line.action(copy));
  addLife(line);
};

const addLife = (line: CommandLine): void => {
  const versions = line.root
    .command('versions')
    .summary('list, withdraw, restore and remove versions')
    .description('Versions of processes.');
  versions.command('list <process>').description('List versions, newest first.').action(line.action(list));
  for (const [name, description] of [
    ['offline', 'Withdraw a version: nothing new starts with it.'],
    ['online', 'Offer a version again that was withdrawn.'],
  ] as const) {
    versions
      .command(`${name} <process> <number>`)
      .description(description)
      .action(line.action((invocation, process: string, number: string) => changeStatus(invocation, process, number, name)));
  }
  versions
    .command('restore <process> <number>')
    .description('Make the text of a version the draft.')
    .option('--replace-draft', 'also when there is a draft already')
    .action(line.action(restore));
  versions
    .command('delete <process> <number>')
    .description('Remove a version that is offline and that nothing used or stays with.')
    .action(line.action(remove));
};

const diff = async (
  invocation: Invocation,
  process: string,
  from: string,
  to: string,
  { filename }: { filename?: string },
): Promise<void> => {
  const client = await invocation.client();
  const path = `processes/${segment(process)}/compare`;
  const request =
    filename === undefined
      ? { method: 'GET' as const, path, query: { from, to } }
      : {
          method: 'POST' as const,
          path,
          document: filename,
          body: { from: numbered(from), content: await readDocument(filename, invocation.terminal) },
        };
  const comparison = await client.ask(VersionComparison, request);
  await invocation.print(comparison, () => comparisonText(comparison, process, hasColours(invocation.terminal)));
};

const check = async (invocation: Invocation, file: string): Promise<ExitCode> => {
  const body = { content: await readDocument(file, invocation.terminal) };
  const found = await (await invocation.client()).ask(PublishCheck, { method: 'POST', path: 'processes/check', document: file, body });
  await invocation.print(found, () => checkText(found, file, hasColours(invocation.terminal)));
  return found.valid ? EXIT.success : EXIT.refused;
};

const checkText = (check: PublishCheck, file: string, colours: boolean): string => {
  const { valid, version, changes, missing, touches } = check;
  const names = (things: readonly { readonly namespace: string; readonly name: string }[]) =>
    things.map(({ namespace, name }) => `${namespace}/${name}`);
  const told = {
    'missing secrets': missing.secrets,
    'missing variables': missing.variables,
    'queues without worker': missing.queues,
    'missing processes': missing.processes,
    schedules: names(touches.schedules),
    triggers: names(touches.triggers),
    callers: names(touches.callers),
    hosts: touches.hosts,
    'runs that go on': touches.unfinishedRuns > 0 ? [String(touches.unfinishedRuns)] : [],
  };
  return [
    ...check.problems.map((problem) => problemLine(problem, file)),
    ...check.converted,
    `${file}: ${valid ? 'can be published' : 'cannot be published'}${version === null ? '' : `; version ${version} is published`}`,
    ...(changes === null ? [] : differenceLines(changes, colours)),
    facts(Object.fromEntries(Object.entries(told).flatMap(([name, things]) => (things.length > 0 ? [[name, things.join(', ')]] : [])))),
  ]
    .filter((text) => text !== '')
    .join('\n');
};

const copy = async (
  invocation: Invocation,
  process: string,
  namespace: string,
  { name, versionNumber }: { name?: string; versionNumber?: number },
): Promise<void> => {
  const body = { namespace, name, version: versionNumber };
  const saved = await (await invocation.client()).ask(SavedProcess, { method: 'POST', path: `processes/${segment(process)}/copy`, body });
  await invocation.print(saved, () =>
    facts({ id: saved.id ?? '', process: `${saved.namespace}/${saved.name}`, version: saved.version ?? '' }),
  );
};

const list = async (invocation: Invocation, process: string): Promise<void> => {
  const page = await (
    await invocation.client()
  ).ask(VersionPage, { method: 'GET', path: `processes/${segment(process)}/versions`, query: { limit: 500 } });
  await invocation.print(page, () =>
    table<VersionSummary>(
      [
        { heading: 'VERSION', value: ({ number }) => String(number) },
        { heading: 'STATUS', value: ({ status }) => status },
        { heading: 'BY', value: ({ createdBy }) => createdBy },
        { heading: 'AT', value: ({ createdAt }) => createdAt },
        { heading: 'DESCRIPTION', value: ({ description }) => description },
      ],
      page.items,
    ),
  );
};

const changeStatus = async (invocation: Invocation, process: string, number: string, action: 'offline' | 'online'): Promise<void> => {
  const path = `${versionPath(process, number)}/${action}`;
  const version = await (await invocation.client()).ask(VersionSummary, { method: 'POST', path });
  await invocation.print(version, () => `version ${version.number} of ${process} is ${version.status}`);
};

const restore = async (
  invocation: Invocation,
  process: string,
  number: string,
  { replaceDraft = false }: { replaceDraft?: boolean },
): Promise<void> => {
  const path = `${versionPath(process, number)}/restore`;
  const draft = await (await invocation.client()).ask(DraftView, { method: 'POST', path, body: { replaceDraft } });
  await invocation.print(draft, () => `version ${number} of ${process} is its draft now`);
};

const remove = async (invocation: Invocation, process: string, number: string): Promise<void> => {
  await (await invocation.client()).send({ method: 'DELETE', path: versionPath(process, number) });
  await invocation.print({ removed: Number(number) }, () => `version ${number} of ${process} is removed`);
};

const versionPath = (process: string, number: string): string => `processes/${segment(process)}/versions/${numbered(number)}`;

const numbered = (text: string): number | string => {
  if (text === 'latest' || text === 'draft') return text;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw refused(`\`${text}\` is no version`, 'write its number');
};

/** People switch colours off with NO_COLOR (no-color.org); files and pipes never get them. */
const hasColours = ({ output, environment }: Terminal): boolean => output.isTTY === true && !environment['NO_COLOR'];
