import { hostname } from 'node:os';
import { LoginBody, Session, TokenMade } from '@orderlines/contracts';
import { z } from 'zod';
import { refused } from '../command-error.js';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { readPassword } from '../password.js';
import { ApiClient } from '../server/client.js';
import { credentialsPath, forgetCredential, keepCredential } from '../server/credentials.js';
import { notice } from '../terminal.js';

interface LoginOptions {
  readonly username: string;
  readonly password?: string;
  readonly code?: string;
}

const TOKEN_LASTS_DAYS = 30;

/** `login` and `logout`: a token of the server in the user's configuration folder. */
export const addLogin = (line: CommandLine): void => {
  line.root
    .command('login')
    .summary('log in and keep a token')
    .description(
      `Log in to the server and keep a token of ${TOKEN_LASTS_DAYS} days in the user's configuration folder, readable by its owner only. ` +
        'It is listed by `tokens list`, and ends with `logout`, with a change of the password, or when it is revoked.',
    )
    .requiredOption('-u, --username <name>', 'user name, e-mail address or phone number')
    .option('-p, --password <password>', 'asked for when left out')
    .option('--code <code>', 'code of your authenticator app, or a recovery code')
    .action(line.action(login));
  line.root
    .command('logout')
    .summary('give the token back and forget it')
    .description('Revoke the token at the server and forget it.')
    .action(line.action(logout));
};

const login = async (invocation: Invocation, options: LoginOptions): Promise<void> => {
  const password = options.password ?? (await readPassword(invocation.terminal, `Password of ${options.username}: `));
  const body = LoginBody.safeParse({ login: options.username, password, code: options.code });
  if (!body.success) throw refused(z.prettifyError(body.error));
  const session = await new ApiClient(invocation.server, undefined).ask(Session, { method: 'POST', path: 'sessions', body: body.data });
  const { token, expiresAt } = await tokenOf(invocation, session);
  const path = credentialsPath(invocation.environment);
  const { userName, mustChangePassword } = session.user;
  await keepCredential(path, invocation.server, { token, user: userName, expiresAt });
  await invocation.print(
    { server: invocation.server, user: userName, expiresAt },
    () => `logged in to ${invocation.server} as ${userName} until ${expiresAt}`,
  );
  if (mustChangePassword)
    notice(invocation.terminal, 'your password was made by somebody else: change it with `orderlines passwd`, then log in again');
};

/** A token of its own in place of the session, whose own holds for a quarter of an hour; before a password is changed there is only that. */
const tokenOf = async (invocation: Invocation, session: Session): Promise<Pick<Session, 'token' | 'expiresAt'>> => {
  if (session.user.mustChangePassword) return session;
  const client = new ApiClient(invocation.server, session.token);
  const body = { name: `orderlines login on ${hostname()}`.slice(0, 100), expiresInDays: TOKEN_LASTS_DAYS, purpose: 'login' };
  const made = await client.ask(TokenMade, { method: 'POST', path: 'me/tokens', body });
  await client.ask(z.unknown(), { method: 'DELETE', path: 'sessions/current' });
  return made;
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
