import type { CommandLine } from '../command-line.js';
import type { ExitCode } from '../command-error.js';
import { waitForEnd } from '../run-progress.js';

/** `watch`: the progress of a run, live, over any broken connection, to its end. */
export const addWatch = (line: CommandLine): void => {
  line.root
    .command('watch')
    .summary('follow a run to its end')
    .description('Follow a run to its end, live, and show it then. The exit code is 0 for SUCCESS, 1 otherwise.')
    .argument('<instance>', 'id of the run')
    .action(
      line.action(async (invocation, instance: string): Promise<ExitCode> => waitForEnd(invocation, await invocation.client(), instance)),
    );
};
