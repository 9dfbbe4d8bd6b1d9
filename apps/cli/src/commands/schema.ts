import type { CommandLine } from '../command-line.js';
import { say } from '../terminal.js';

/** `schema`: the JSON Schema of definitions, without asking the server. */
export const addSchema = (line: CommandLine): void => {
  line.root
    .command('schema')
    .summary('write the JSON Schema of definitions')
    .description(
      'Write the JSON Schema (2020-12) of definitions to standard output, for editors that complete and check. It needs no server.',
    )
    .action(
      line.action(async (invocation) => {
        const { definitionJsonSchema } = await import('@orderlines/process-engine');
        const schema = definitionJsonSchema();
        if (invocation.format() === 'table') say(invocation.terminal, JSON.stringify(schema, null, 2));
        else await invocation.print(schema, () => '');
      }),
    );
};
