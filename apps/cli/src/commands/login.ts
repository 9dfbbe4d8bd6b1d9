import { Session } from '@orderlines/contracts';
import { z } from 'zod';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { readPassword } from '../password.js';
import { ApiClient } from '../server/client.js';
import { credentialsPath, forgetCredential, keepCredential } from '../server/credentials.js';
import { notice } from '../terminal.js';

interface LoginOptions {
  readonly username: string;
  readonly password?: string;
}

/** `login` and `logout`: a token of the server in the user's configuration folder. */
export const addLogin = (line: CommandLine): void => {
  line.root
    .command('login')
    .summary('log in and keep the token')
    .description("Log in to the server and keep its token in the user's configuration folder, readable by its owner only.")
    .requiredOption('-u, --username <name>', 'user name, e-mail address or phone number')
    .option('-p, --password <password>', 'asked for when left out')
    .action(line.action(login));
  line.root
    .command('logout')
    .summary('give the token back and forget it')
    .description('End the session at the server and forget its token.')
    .action(line.action(logout));
};

const login = async (invocation: Invocation, options: LoginOptions): Promise<void> => {
  const password = options.password ?? (await readPassword(invocation.terminal, `Password of ${options.username}: `));
  const session = await new ApiClient(invocation.server, undefined).ask(Session, {
    method: 'POST',
    path: 'sessions',
    body: { login: options.username, password },
  });
  const path = credentialsPath(invocation.environment);
  const { userName } = session.user;
  await keepCredential(path, invocation.server, { token: session.token, user: userName, expiresAt: session.expiresAt });
  await invocation.print(
    { server: invocation.server, user: userName, expiresAt: session.expiresAt },
    () => `logged in to ${invocation.server} as ${userName} until ${session.expiresAt}`,
  );
};

const logout = async (invocation: Invocation): Promise<void> => {
  const client = await invocation.client();
  try {
    if (await invocation.token()) await client.ask(z.unknown(), { method: 'DELETE', path: 'sessions/current' });
  } finally {
    await forgetCredential(credentialsPath(invocation.environment), invocation.server);
  }
  notice(invocation.terminal, `logged out of ${invocation.server}`);
};
