import { ManifestReport, type ManifestBody } from '@orderlines/contracts';
import { createInterface } from 'node:readline/promises';
import type { CommandLine } from '../command-line.js';
import { EXIT, refused, type ExitCode } from '../command-error.js';
import type { Invocation } from '../invocation.js';
import { readManifestFiles } from '../manifest-files.js';
import { manifestProblems, planText, resultText } from '../output/manifest-text.js';
import { segment } from '../server/client.js';
import { notice } from '../terminal.js';

interface ApplyOptions {
  readonly filename: readonly string[];
  readonly namespace?: string;
  readonly prune?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** `apply`, `import` and `export-namespace`: what is stored as files describe it, and the other way round. */
export const addApply = (line: CommandLine): void => {
  line.root
    .command('apply')
    .summary('make processes, schedules, triggers, calendars and variables as files describe them')
    .description(
      'Read files, show what they change, and do it: processes, schedules, triggers, calendars and variables become as the files describe them. ' +
        'Done again, nothing happens. On a terminal it asks first; elsewhere it goes on, but deletes only with --yes.',
    )
    .requiredOption('-f, --filename <places...>', 'files or folders (.yaml, .yml, .json); `-` reads standard input')
    .option('--prune', 'also delete what is in the namespaces of the files and in none of the files')
    .option('--dry-run', 'only show the plan')
    .option('-y, --yes', 'do not ask')
    .action(line.action(apply));
  line.root
    .command('import')
    .summary('take in a namespace that was exported')
    .description('Take in what `export-namespace` wrote; done again, nothing happens. Secrets are not in it: their names are told.')
    .requiredOption('-f, --filename <places...>', 'the file; `-` reads standard input')
    .option('-n, --namespace <namespace>', 'into this namespace, not the one that it comes from')
    .option('--dry-run', 'only show the plan')
    .option('-y, --yes', 'do not ask')
    .action(line.action(apply));
  line.root
    .command('export-namespace')
    .summary('write a namespace as one file')
    .description(
      'Write the published processes, schedules, triggers, calendars and variables of a namespace to standard output, with the processes of other ' +
        'namespaces that they run, and the names of the secrets that they need.',
    )
    .argument('<namespace>', 'its name')
    .action(line.action(exportNamespace));
};

const apply = async (invocation: Invocation, options: ApplyOptions): Promise<ExitCode> => {
  const files = await readManifestFiles(options.filename, invocation.terminal);
  const body = { files, prune: options.prune ?? false, ...(options.namespace !== undefined && { namespace: options.namespace }) };
  const plan = await ask(invocation, { ...body, dry: true });
  for (const problem of manifestProblems(plan)) notice(invocation.terminal, problem);
  if (!plan.valid) throw refused('the files have errors: nothing was done');
  const isIdle = plan.changes.every(({ action }) => action === 'unchanged');
  if (options.dryRun || isIdle) {
    await invocation.print(plan, () => (isIdle ? resultText(plan) : planText(plan)));
    return EXIT.success;
  }
  notice(invocation.terminal, planText(plan));
  if (!options.yes && !(await mayGoOn(invocation, options, plan))) throw refused('nothing was done');
  const report = await ask(invocation, { ...body, dry: false, plan: plan.digest });
  await invocation.print(report, () => resultText(report));
  return report.changes.some(({ outcome }) => outcome === 'failed') ? EXIT.failedRun : EXIT.success;
};

const ask = async (invocation: Invocation, body: ManifestBody): Promise<ManifestReport> =>
  (await invocation.client()).ask(ManifestReport, { method: 'POST', path: 'manifests', body });

/** A person is asked; a script goes on, as long as nothing is deleted. */
const mayGoOn = async ({ terminal }: Invocation, { filename }: ApplyOptions, { changes }: ManifestReport): Promise<boolean> => {
  const isPerson = terminal.input.isTTY === true && terminal.notices.isTTY === true && !filename.includes('-');
  if (!isPerson) {
    if (!changes.some(({ action }) => action === 'delete')) return true;
    throw refused('the plan deletes things, and there is nobody to ask: nothing was done', 'say --yes');
  }
  const lines = createInterface({ input: terminal.input, output: terminal.notices });
  try {
    return /^y(es)?$/i.test((await lines.question('do this? [y/N] ')).trim());
  } finally {
    lines.close();
  }
};

const exportNamespace = async (invocation: Invocation, namespace: string): Promise<void> => {
  const client = await invocation.client();
  const answer = await client.send({ method: 'GET', path: `namespaces/${segment(namespace)}/manifests` });
  invocation.terminal.output.write(await answer.text());
};
