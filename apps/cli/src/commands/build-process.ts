import { SavedProcess } from '@orderlines/contracts';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { problemLine } from '../output/problems.js';
import { facts } from '../output/table.js';
import { notice } from '../terminal.js';
import { readDocument } from '../documents.js';
import { originalOption, refuseOriginalOptions } from '../original-options.js';

interface BuildOptions {
  readonly filename: string;
  readonly draft?: true;
  readonly dry?: true;
  readonly clearDb?: true;
}

/** `build-process-by-json` and `build-process-by-yaml`: store a definition, of this format or the older one, as a new version. */
export const addBuildProcess = (line: CommandLine): void => {
  for (const format of ['json', 'yaml'] as const) {
    line.root
      .command(`build-process-by-${format}`)
      .summary(`store a process from a ${format.toUpperCase()} file`)
      .description(
        `Store a process from a ${format.toUpperCase()} file, written for this version or for the original orderlines, and publish it. ` +
          'The same content again answers with the same version. Prints { id, name, namespace, version, converted }.',
      )
      .requiredOption('-f, --filename <file>', 'the definition; `-` reads standard input')
      .option('--draft', 'keep it as a draft, do not publish')
      .option('--dry', 'check it only; nothing is stored')
      .addOption(originalOption('clearDb'))
      .action(line.action((invocation, options: BuildOptions) => build(invocation, format, options)));
  }
};

const build = async (invocation: Invocation, format: 'json' | 'yaml', options: BuildOptions): Promise<void> => {
  refuseOriginalOptions(options);
  const content = await readDocument(options.filename, invocation.terminal);
  const saved = await (
    await invocation.client()
  ).ask(SavedProcess, {
    method: 'POST',
    path: 'processes',
    document: options.filename,
    body: { content, format, draft: options.draft ?? false, dry: options.dry ?? false },
  });
  for (const problem of saved.problems) notice(invocation.terminal, problemLine(problem, options.filename));
  if (options.dry) notice(invocation.terminal, 'checked only: nothing was stored');
  await invocation.print(
    saved,
    () => facts({ id: saved.id, name: `${saved.namespace}/${saved.name}`, version: saved.version, converted: saved.converted.join('; ') }),
    'json',
  );
};
