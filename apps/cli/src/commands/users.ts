import { OneTimePassword, SessionsEnded, UserDetail, UserPage, UserView, type UserChangeBody } from '@orderlines/contracts';
import { z } from 'zod';
import { refused } from '../command-error.js';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { facts, table } from '../output/table.js';
import { segment } from '../server/client.js';

interface ListOptions {
  readonly search?: string;
  readonly waiting?: true;
}

/** `users …`: for those who look after users. */
export const addUsers = (line: CommandLine): void => {
  const users = line.root.command('users').summary('look after users').description('People and service accounts.');
  users
    .command('list')
    .description('List users by name.')
    .option('--search <text>', 'part of a name, e-mail address or phone number')
    .option('--waiting', 'those who registered themselves and wait to be let in')
    .action(line.action(list));
  users.command('show <user>').description('Show a user, with what is known of their logins.').action(line.action(show));
  for (const [name, description, change] of CHANGES) {
    users
      .command(`${name} <user>`)
      .description(description)
      .action(line.action((invocation, user: string) => write(invocation, user, change)));
  }
  users
    .command('reset-password <user>')
    .description('Make a one-time password, shown this once; the user is logged out everywhere and must change it.')
    .action(line.action(resetPassword));
  users.command('unlock <user>').description('Let a user try again who is locked by failed logins.').action(line.action(unlock));
  users.command('logout <user>').description('End all sessions of a user.').action(line.action(logout));
  users.command('delete <user>').description('Remove a user with all tokens and sessions.').action(line.action(remove));
};

const CHANGES: readonly (readonly [string, string, UserChangeBody])[] = [
  ['enable', 'Let a disabled user log in again.', { enabled: true }],
  ['disable', 'Lock a user out: sessions and tokens are of no use any more.', { enabled: false }],
  ['approve', 'Let somebody in who registered themselves.', { approved: true }],
];

/** The id of the user of that name. */
export const userIdOf = async (invocation: Invocation, userName: string): Promise<string> => {
  if (z.uuid().safeParse(userName).success) return userName;
  const page = await (await invocation.client()).ask(UserPage, { method: 'GET', path: 'users', query: { search: userName, limit: 500 } });
  const user = page.items.find((one) => one.userName.toLowerCase() === userName.toLowerCase());
  if (!user) throw refused(`there is no user ${userName}`, '`orderlines users list` shows all of them');
  return user.id;
};

const pathOf = async (invocation: Invocation, user: string): Promise<string> => `users/${segment(await userIdOf(invocation, user))}`;

const list = async (invocation: Invocation, { search, waiting }: ListOptions): Promise<void> => {
  const query = { search, ...(waiting && { approved: 'false' }), limit: 500 };
  const { items } = await (await invocation.client()).ask(UserPage, { method: 'GET', path: 'users', query });
  await invocation.print(items, () =>
    table<UserView>(
      [
        { heading: 'USER', value: ({ userName }) => userName },
        { heading: 'NAME', value: ({ displayName }) => displayName },
        { heading: 'E-MAIL', value: ({ email }) => email },
        { heading: 'KIND', value: ({ kind, administrator }) => (administrator ? 'administrator' : kind) },
        { heading: 'STATE', value: ({ enabled, approved }) => (!enabled ? 'disabled' : approved ? '' : 'waits to be let in') },
      ],
      items,
    ),
  );
};

const show = async (invocation: Invocation, user: string): Promise<void> => {
  const detail = await (await invocation.client()).ask(UserDetail, { method: 'GET', path: await pathOf(invocation, user) });
  await invocation.print(detail, () => facts(detail));
};

const write = async (invocation: Invocation, user: string, body: UserChangeBody): Promise<void> => {
  const changed = await (await invocation.client()).ask(UserView, { method: 'PATCH', path: await pathOf(invocation, user), body });
  await invocation.print(changed, () => facts({ 'user name': changed.userName, enabled: changed.enabled, approved: changed.approved }));
};

const resetPassword = async (invocation: Invocation, user: string): Promise<void> => {
  const path = `${await pathOf(invocation, user)}/password-reset`;
  const made = await (await invocation.client()).ask(OneTimePassword, { method: 'POST', path });
  await invocation.print(made, () => facts({ 'one-time password': made.oneTimePassword }));
};

const unlock = async (invocation: Invocation, user: string): Promise<void> => {
  await (await invocation.client()).ask(z.unknown(), { method: 'POST', path: `${await pathOf(invocation, user)}/unlock` });
  await invocation.print({ unlocked: user }, () => `unlocked ${user}`);
};

const logout = async (invocation: Invocation, user: string): Promise<void> => {
  const path = `${await pathOf(invocation, user)}/sessions`;
  const answer = await (await invocation.client()).ask(SessionsEnded, { method: 'DELETE', path });
  await invocation.print(answer, () => `ended ${answer.ended} sessions of ${user}`);
};

const remove = async (invocation: Invocation, user: string): Promise<void> => {
  await (await invocation.client()).ask(z.unknown(), { method: 'DELETE', path: await pathOf(invocation, user) });
  await invocation.print({ deleted: user }, () => `deleted ${user}`);
};
