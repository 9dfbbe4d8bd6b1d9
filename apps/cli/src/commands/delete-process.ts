import { z } from 'zod';
import type { CommandLine } from '../command-line.js';
import { segment } from '../server/client.js';

/** `delete-process`: removes a process; what it ran stays. */
export const addDeleteProcess = (line: CommandLine): void => {
  line.root
    .command('delete-process')
    .summary('remove a process')
    .description(
      'Remove a process and free its name. its runs stay. Refused while runs have not ended, or schedules or processes refer to it.',
    )
    .argument('<process>', 'id, namespace/name, or the process_id of an imported file')
    .action(
      line.action(async (invocation, process: string) => {
        const client = await invocation.client();
        await client.ask(z.unknown(), { method: 'DELETE', path: `processes/${segment(process)}` });
        await invocation.print({ deleted: process }, () => `removed ${process}`);
      }),
    );
};
