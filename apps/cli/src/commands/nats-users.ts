import { NatsUser, renderServerConfig, type NatsLogin } from '@orderlines/messaging';
import { chmod, writeFile } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { refused } from '../command-error.js';
import type { CommandLine } from '../command-line.js';
import { readDocument } from '../documents.js';
import type { Invocation } from '../invocation.js';

/** Entries of the file: a user, and the environment variable that holds its password. */
const UsersFile = z
  .array(z.looseObject({ password: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'must name an environment variable') }))
  .min(1)
  .transform((entries, context) =>
    entries.flatMap(({ password, ...rest }, position) => {
      const user = NatsUser.safeParse(rest);
      if (user.success) return [{ user: user.data, variable: password }];
      for (const issue of user.error.issues) context.addIssue({ code: 'custom', path: [position, ...issue.path], message: issue.message });
      return [];
    }),
  );

/** `nats-users`: the part of nats-server's configuration that says who may do what. */
export const addNatsUsers = (line: CommandLine): void => {
  line.root
    .command('nats-users')
    .summary("write the users of nats-server's configuration")
    .description(
      "Write the `authorization` part of nats-server's configuration: one user for every service and worker, with the subjects it needs. " +
        'The file lists them (`- { role: worker, worker: w1, queues: [default], password: NATS_W1_PASSWORD }`; roles: executor, gateway, scheduler, ' +
        'worker, platform); passwords come from the environment variables that it names.',
    )
    .argument('<file>', 'YAML list of users; `-` reads standard input')
    .option('--out <file>', 'where to write it, readable by its owner only (default: standard output)')
    .action(line.action(writeUsers));
};

const writeUsers = async (invocation: Invocation, file: string, { out }: { readonly out?: string }): Promise<void> => {
  const configuration = renderServerConfig(await readLogins(invocation, file));
  if (out === undefined) return void invocation.terminal.output.write(configuration);
  await writeFile(out, configuration, { mode: 0o600 });
  await chmod(out, 0o600);
};

const readLogins = async (invocation: Invocation, file: string): Promise<NatsLogin[]> => {
  const users = UsersFile.safeParse(parsed(file, await readDocument(file, invocation.terminal)));
  if (!users.success) throw refused(`${file}: ${z.prettifyError(users.error)}`);
  return users.data.map(({ user, variable }) => {
    const password = invocation.environment[variable];
    if (!password) throw refused(`${variable} is not set`, `it is the password of the NATS user ${JSON.stringify(user)}`);
    return { user, password };
  });
};

const parsed = (file: string, text: string): unknown => {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof YAMLParseError) throw refused(`${file}: ${error.message}`);
    throw error;
  }
};
