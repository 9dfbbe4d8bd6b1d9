import { ProcessDetail } from '@orderlines/contracts';
import { InvalidArgumentError, Option } from 'commander';
import type { CommandLine } from '../command-line.js';
import { refused } from '../command-error.js';
import type { Invocation } from '../invocation.js';
import { segment } from '../server/client.js';

interface ExportOptions {
  readonly format: 'yaml' | 'json' | 'legacy';
  readonly processVersion?: number;
}

/** `export`: writes the source of a published version to standard output. */
export const addExport = (line: CommandLine): void => {
  line.root
    .command('export')
    .summary('write the definition of a process')
    .description('Write the definition of a process to standard output: as YAML or JSON, or in the form of the original orderlines.')
    .argument('<process>', 'id, namespace/name, or the process_id of an imported file')
    .option('--process-version <number>', 'this version; the latest otherwise', readVersion)
    .addOption(new Option('--format <format>', 'how to write it').choices(['yaml', 'json', 'legacy']).default('yaml'))
    .action(line.action(exportProcess));
};

const exportProcess = async (invocation: Invocation, process: string, options: ExportOptions): Promise<void> => {
  const client = await invocation.client();
  const { latestVersion } = await client.ask(ProcessDetail, { method: 'GET', path: `processes/${segment(process)}` });
  const version = options.processVersion ?? latestVersion;
  if (!version) throw refused(`${process} has no published version`, 'publish its draft first');
  const answer = await client.send({
    method: 'GET',
    path: `processes/${segment(process)}/versions/${version}/source`,
    query: { format: options.format },
  });
  const source = await answer.text();
  invocation.terminal.output.write(source.endsWith('\n') ? source : `${source}\n`);
};

const readVersion = (given: string): number => {
  const version = Number(given);
  if (Number.isInteger(version) && version > 0) return version;
  throw new InvalidArgumentError('Versions are numbered from 1.');
};
