import { NewUserBody, UserAdded, type UserView } from '@orderlines/contracts';
import { z } from 'zod';
import { CommandError, EXIT, refused } from '../command-error.js';
import type { CommandLine } from '../command-line.js';
import { databaseUrl, reaching } from '../database.js';
import type { Invocation } from '../invocation.js';
import { facts } from '../output/table.js';
import { readPassword } from '../password.js';

interface NameOptions {
  readonly username: string;
  readonly email?: string;
  readonly phone?: string;
  readonly displayName?: string;
}
interface SuperUserOptions extends NameOptions {
  readonly password?: string;
  readonly unlessTaken?: true;
}
interface UserOptions extends SuperUserOptions {
  readonly askPassword?: true;
  readonly service?: true;
}

/** `create-user` and `create-super-user`. */
export const addCreateUser = (line: CommandLine): void => {
  named(line, 'create-user')
    .summary('add a user or a service account')
    .description(
      'Add a user. Without a password one is made, shown this once, and must be changed at the first login. ' +
        'The user has no rights before somebody gives a role or group.',
    )
    .option('-p, --password <password>', 'others on this machine may see it in the list of processes')
    .option('--ask-password', 'ask for the password')
    .option('--service', 'an account of a machine: it gets tokens and no password')
    .action(line.action(createUser));
  named(line, 'create-super-user')
    .summary('make an administrator')
    .description(
      'Make an administrator. With ORDERLINES_DATABASE_URL the user is written into the database, for the first one; ' +
        'otherwise the server makes it, and you must be logged in as an administrator.',
    )
    .option('-p, --password <password>', 'asked for when left out')
    .option('--unless-taken', 'change nothing and succeed when the database has this user already')
    .action(line.action(createSuperUser));
};

const named = (line: CommandLine, name: string) =>
  line.root
    .command(name)
    .requiredOption('-u, --username <name>', 'user name')
    .option('--email <address>', 'e-mail address; can be used to log in')
    .option('--phone <number>', 'phone number; can be used to log in')
    .option('--display-name <name>', 'how the user is shown');

const createUser = async (invocation: Invocation, { password, askPassword, service, ...options }: UserOptions): Promise<void> => {
  const chosen = askPassword ? await readPassword(invocation.terminal, `Password for ${options.username}: `) : password;
  const body = bodyOf(options, { password: chosen, kind: service ? 'service' : 'person' });
  await show(invocation, await byServer(invocation, body));
};

const createSuperUser = async (invocation: Invocation, { password, unlessTaken, ...options }: SuperUserOptions): Promise<void> => {
  const chosen = password ?? (await readPassword(invocation.terminal, `Password for ${options.username}: `));
  const body = bodyOf(options, { password: chosen, administrator: true });
  const inDatabase = Boolean(invocation.environment['ORDERLINES_DATABASE_URL']);
  if (!inDatabase) return show(invocation, await byServer(invocation, body));
  try {
    await show(invocation, await byDatabase(invocation, { ...body, password: chosen }));
  } catch (error) {
    if (!(error instanceof NameTaken && unlessTaken)) throw error;
    await invocation.print({ unchanged: body.userName }, () => `${body.userName} is there already`);
  }
};

const bodyOf = ({ username, email, phone, displayName }: NameOptions, more: Partial<NewUserBody>): NewUserBody => {
  const body = NewUserBody.safeParse({ userName: username, email, phone, displayName, ...more });
  if (!body.success) throw refused(z.prettifyError(body.error));
  return body.data;
};

const show = (invocation: Invocation, user: UserAdded): Promise<void> =>
  invocation.print(user, () =>
    facts({
      id: user.id,
      'user name': user.userName,
      'e-mail': user.email,
      phone: user.phone,
      ...(user.oneTimePassword !== undefined && { 'one-time password': user.oneTimePassword }),
    }),
  );

/** Somebody has the user name. */
class NameTaken extends CommandError {}

const byServer = async (invocation: Invocation, body: NewUserBody): Promise<UserAdded> =>
  (await invocation.client()).ask(UserAdded, { method: 'POST', path: 'users', body });

const byDatabase = async (invocation: Invocation, wanted: NewUserBody & { readonly password: string }): Promise<UserView> => {
  const url = databaseUrl(invocation.environment, 'create-super-user');
  const [{ createDataSource, UserTaken }, { addUser, PasswordRefused }] = await Promise.all([
    import('@orderlines/persistence'),
    import('@orderlines/auth'),
  ]);
  const source = createDataSource(url, 'orderlines create-super-user');
  await reaching(url, () => source.initialize());
  try {
    return UserAdded.parse(await addUser(source.manager, wanted));
  } catch (error) {
    if (error instanceof UserTaken && error.field === 'userName') throw new NameTaken(error.message, EXIT.refused, 'choose another one');
    if (error instanceof UserTaken || error instanceof PasswordRefused) throw refused(error.message, 'choose another one');
    throw error;
  } finally {
    await source.destroy();
  }
};
