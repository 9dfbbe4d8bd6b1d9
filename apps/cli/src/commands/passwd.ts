import { NewPasswordBody } from '@orderlines/contracts';
import { z } from 'zod';
import { refused } from '../command-error.js';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { readPassword } from '../password.js';
import { notice } from '../terminal.js';

interface PasswordOptions {
  readonly current?: string;
  readonly password?: string;
}

/** `passwd`: another password for whoever is logged in. */
export const addPasswd = (line: CommandLine): void => {
  line.root
    .command('passwd')
    .summary('change your password')
    .description('Change your own password. Your other sessions end; this one goes on.')
    .option('--current <password>', 'the password until now; asked for when left out')
    .option('-p, --password <password>', 'the new one; asked for twice when left out')
    .action(line.action(changePassword));
};

const changePassword = async (invocation: Invocation, options: PasswordOptions): Promise<void> => {
  const client = await invocation.client();
  const body = NewPasswordBody.safeParse({
    current: options.current ?? (await readPassword(invocation.terminal, 'Current password: ')),
    new: options.password ?? (await readTwice(invocation)),
  });
  if (!body.success) throw refused(z.prettifyError(body.error));
  await client.ask(z.unknown(), { method: 'PUT', path: 'me/password', body: body.data });
  notice(invocation.terminal, 'your password was changed; your other sessions have ended');
};

const readTwice = async ({ terminal }: Invocation): Promise<string> => {
  const password = await readPassword(terminal, 'New password: ');
  if (password === (await readPassword(terminal, 'New password again: '))) return password;
  throw refused('the two passwords are not the same');
};
