import { NewUserBody, UserView } from '@orderlines/contracts';
import { z } from 'zod';
import type { CommandLine } from '../command-line.js';
import { refused } from '../command-error.js';
import { databaseUrl, reaching } from '../database.js';
import type { Invocation } from '../invocation.js';
import { facts } from '../output/table.js';
import { readPassword } from '../password.js';

interface UserOptions {
  readonly username: string;
  readonly password?: string;
  readonly email?: string;
  readonly phone?: string;
}

/** `create-super-user`: an administrator, made by the server, or in its database where nobody can log in yet. */
export const addCreateSuperUser = (line: CommandLine): void => {
  line.root
    .command('create-super-user')
    .summary('make an administrator')
    .description(
      'Make an administrator. With ORDERLINES_DATABASE_URL the user is written into the database, for the first one; ' +
        'otherwise the server makes it, and you must be logged in as an administrator.',
    )
    .requiredOption('-u, --username <name>', 'user name')
    .option('-p, --password <password>', 'asked for when left out')
    .option('--email <address>', 'e-mail address; can be used to log in')
    .option('--phone <number>', 'phone number; can be used to log in')
    .action(line.action(createSuperUser));
};

const createSuperUser = async (invocation: Invocation, { username, password, email, phone }: UserOptions): Promise<void> => {
  const wanted = NewUserBody.safeParse({
    userName: username,
    password: password ?? (await readPassword(invocation.terminal, `Password for ${username}: `)),
    email,
    phone,
    administrator: true,
  });
  if (!wanted.success) throw refused(z.prettifyError(wanted.error));
  const user = await (invocation.environment['ORDERLINES_DATABASE_URL'] ? inDatabase : byServer)(invocation, wanted.data);
  await invocation.print(user, () => facts({ id: user.id, 'user name': user.userName, 'e-mail': user.email, phone: user.phone }));
};

const byServer = async (invocation: Invocation, body: NewUserBody): Promise<UserView> =>
  (await invocation.client()).ask(UserView, { method: 'POST', path: 'users', body });

const inDatabase = async (invocation: Invocation, wanted: NewUserBody): Promise<UserView> => {
  const url = databaseUrl(invocation.environment, 'create-super-user');
  const [{ createDataSource, UserTaken }, { addUser, PasswordRefused }] = await Promise.all([
    import('@orderlines/persistence'),
    import('@orderlines/auth'),
  ]);
  const source = createDataSource(url, 'orderlines create-super-user');
  await reaching(url, () => source.initialize());
  try {
    return UserView.parse(await addUser(source.manager, wanted));
  } catch (error) {
    if (error instanceof UserTaken || error instanceof PasswordRefused) throw refused(error.message, 'choose another one');
    throw error;
  } finally {
    await source.destroy();
  }
};
