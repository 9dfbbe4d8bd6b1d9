import { standardTaskTypes, type Problem } from '@orderlines/contracts';
import type { CommandLine } from '../command-line.js';
import { EXIT, type ExitCode } from '../command-error.js';
import { readDocument } from '../documents.js';
import type { Invocation } from '../invocation.js';
import { problemLine } from '../output/problems.js';

/** What `validate` found in one file. */
interface Checked {
  readonly file: string;
  readonly valid: boolean;
  readonly problems: readonly Problem[];
  readonly converted: readonly string[];
}

/** `validate`: checks definitions on this machine, with the same rules as the server and without asking it. */
export const addValidate = (line: CommandLine): void => {
  line.root
    .command('validate')
    .summary('check definitions without a server')
    .description(
      'Check definitions of this format or the older one, on this machine, with the rules of the server and its standard task types. ' +
        'Every problem is told with line and column. Exit code 2 when a file has errors.',
    )
    .argument('<files...>', 'YAML or JSON files; `-` reads standard input')
    .action(line.action(validateFiles));
};

const validateFiles = async (invocation: Invocation, files: string[]): Promise<ExitCode> => {
  const { readDefinition, taskTypeCatalogueOf } = await import('@orderlines/process-engine');
  // What every worker brings along; plugins of others are known to their server only.
  const taskTypes = taskTypeCatalogueOf(standardTaskTypes);
  const checked: Checked[] = [];
  for (const file of files) {
    const { problems, converted } = readDefinition(await readDocument(file, invocation.terminal), { taskTypes });
    checked.push({ file, valid: !problems.some(({ severity }) => severity === 'error'), problems, converted });
  }
  await invocation.print(checked, () => checked.map(asText).join('\n'));
  return checked.every(({ valid }) => valid) ? EXIT.success : EXIT.refused;
};

const asText = ({ file, valid, problems, converted }: Checked): string => {
  const lines = [
    ...problems.map((problem) => problemLine(problem, file)),
    ...converted.map((sentence) => `${file}: converted: ${sentence}`),
  ];
  return [...lines, ...(valid ? [`${file}: valid`] : [])].join('\n');
};
