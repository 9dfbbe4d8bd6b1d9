import { NewTokenBody, TokenMade, TokenView } from '@orderlines/contracts';
import { z } from 'zod';
import { refused } from '../command-error.js';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { table } from '../output/table.js';
import { segment } from '../server/client.js';
import { notice } from '../terminal.js';
import { userIdOf } from './users.js';

interface OwnerOptions {
  readonly user?: string;
}
interface TokenOptions extends OwnerOptions {
  readonly expiresIn?: string;
  readonly may?: readonly string[];
  readonly namespace?: readonly string[];
}

/** `tokens list|create|revoke`: tokens of machines and of the command line. */
export const addTokens = (line: CommandLine): void => {
  const tokens = line.root
    .command('tokens')
    .summary('make, list and revoke tokens')
    .description('Tokens for machines, and those that `login` has made.');
  const owner = ['-u, --user <name>', 'whose; yours when left out'] as const;
  tokens
    .command('list')
    .description('List tokens, with when they were used last.')
    .option(...owner)
    .action(line.action(list));
  tokens
    .command('create <name>')
    .description('Make a token; it is shown this once. It may never do more than its owner.')
    .option(...owner)
    .option('--expires-in <days>', 'days that it can be used (default: 90)')
    .option('--may <action:subject...>', 'what may be done with it at most, such as start:Process read:Instance')
    .option('-n, --namespace <namespace...>', 'only in these namespaces')
    .action(line.action(create));
  tokens
    .command('revoke <token>')
    .description('Make a token useless, by its id.')
    .option(...owner)
    .action(line.action(revoke));
};

const list = async (invocation: Invocation, { user }: OwnerOptions): Promise<void> => {
  const tokens = await (await invocation.client()).ask(TokenView.array(), { method: 'GET', path: await pathOf(invocation, user) });
  await invocation.print(tokens, () =>
    table<TokenView>(
      [
        { heading: 'ID', value: ({ id }) => id },
        { heading: 'NAME', value: ({ name }) => name },
        { heading: 'EXPIRES', value: ({ expiresAt }) => expiresAt },
        { heading: 'LAST USED', value: ({ lastUsedAt }) => lastUsedAt ?? 'never' },
        {
          heading: 'MAY',
          value: ({ rules }) => rules?.map(({ action, subject }) => `${action}:${subject}`).join(' ') ?? '(all of its owner)',
        },
      ],
      tokens,
    ),
  );
};

const create = async (invocation: Invocation, name: string, { user, expiresIn, may, namespace }: TokenOptions): Promise<void> => {
  const body = NewTokenBody.safeParse({
    name,
    ...(expiresIn !== undefined && { expiresInDays: Number(expiresIn) }),
    ...((may ?? namespace) !== undefined && { rules: rulesOf(may ?? ['manage:all'], namespace) }),
  });
  if (!body.success) throw refused(z.prettifyError(body.error));
  const path = await pathOf(invocation, user);
  const made = await (await invocation.client()).ask(TokenMade, { method: 'POST', path, body: body.data });
  if (invocation.format() === 'table') notice(invocation.terminal, `usable until ${made.expiresAt}; it is not shown again:`);
  await invocation.print(made, () => made.token);
};

const rulesOf = (may: readonly string[], namespace: readonly string[] | undefined) =>
  may.map((right) => {
    const [action, subject] = right.split(':');
    return { action, subject, ...(namespace && { conditions: { namespace: { $in: [...namespace] } } }) };
  });

const revoke = async (invocation: Invocation, token: string, { user }: OwnerOptions): Promise<void> => {
  const path = `${await pathOf(invocation, user)}/${segment(token)}`;
  await (await invocation.client()).ask(z.unknown(), { method: 'DELETE', path });
  await invocation.print({ revoked: token }, () => `revoked ${token}`);
};

const pathOf = async (invocation: Invocation, user: string | undefined): Promise<string> =>
  user === undefined ? 'me/tokens' : `users/${await userIdOf(invocation, user)}/tokens`;
