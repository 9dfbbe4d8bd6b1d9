import { VersionComparison } from '@orderlines/contracts';
import type { CommandLine } from '../command-line.js';
import { refused } from '../command-error.js';
import { readDocument } from '../documents.js';
import type { Invocation } from '../invocation.js';
import { comparisonText } from '../output/comparison-text.js';
import { segment } from '../server/client.js';
import type { Terminal } from '../terminal.js';

interface DiffOptions {
  readonly filename?: string;
}

/** `diff`: what differs between two versions, or between a file and the server, node by node. */
export const addDiff = (line: CommandLine): void => {
  line.root
    .command('diff')
    .summary('compare versions of a process node by node')
    .description(
      'Compare two versions of a process, or one with its draft, node by node. Without versions: the draft, or else the latest ' +
        'version, with the version before. With -f: a file with what the server has of its process.',
    )
    .argument('[process]', 'id, namespace/name, or the process_id of an imported file')
    .argument('[from]', 'number of a version, `latest` or `draft`')
    .argument('[to]', 'number of a version, `latest` or `draft`; without it, `from` is compared with the latest')
    .option('-f, --filename <file>', 'compare this definition with the server; `-` reads standard input')
    .action(
      line.action(
        async (invocation, process: string | undefined, from: string | undefined, to: string | undefined, options: DiffOptions) => {
          const comparison = await compare(invocation, { process, from, to }, options);
          await invocation.print(comparison, () => comparisonText(comparison, hasColours(invocation.terminal)));
        },
      ),
    );
};

interface Compared {
  readonly process: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const compare = async (invocation: Invocation, { process, from, to }: Compared, { filename }: DiffOptions): Promise<VersionComparison> => {
  if (filename !== undefined) {
    if (process !== undefined) throw refused('a file and a process are named', 'the file says which process it is: leave the name away');
    const content = await readDocument(filename, invocation.terminal);
    const client = await invocation.client();
    return client.ask(VersionComparison, { method: 'POST', path: 'processes/compare', document: filename, body: { content } });
  }
  if (process === undefined) throw refused('nothing is named to compare', 'name a process, or a file with -f');
  const query = { from, to: from !== undefined && to === undefined ? 'latest' : to };
  const client = await invocation.client();
  return client.ask(VersionComparison, { method: 'GET', path: `processes/${segment(process)}/versions/compare`, query });
};

/** People switch colours off with NO_COLOR (no-color.org); files and pipes never get them. */
const hasColours = ({ output, environment }: Terminal): boolean => output.isTTY === true && !environment['NO_COLOR'];
