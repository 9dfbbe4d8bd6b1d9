import { RightExplanation, RightHolders, UserAccess, type GrantView } from '@orderlines/contracts';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { facts, table } from '../output/table.js';
import { heldRoleText, heldRolesFrom } from './held-roles.js';
import { ruleText } from './rule-text.js';

interface GrantOptions {
  readonly role?: readonly string[] | false;
  readonly group?: readonly string[] | false;
  readonly department?: string | false;
}
interface RightOptions {
  readonly namespace?: string;
}

/** `grant`, `may` and `who-may`: what users hold, what they may do by it, and why not. */
export const addRights = (line: CommandLine): void => {
  line.root
    .command('grant <user>')
    .summary('give a user roles and groups')
    .description('Give a user these roles or groups instead of those that they had; what is not named stays as it is.')
    .option('--role <roles...>', 'their roles: <role>, or <role>@<namespace>')
    .option('--no-role', 'take all their roles')
    .option('--group <groups...>', 'their groups')
    .option('--no-group', 'take them out of all groups')
    .option('--department <id>', 'the department they are in')
    .option('--no-department', 'take them out of their department')
    .action(line.action(grant));
  line.root
    .command('may <user> [action] [subject] [object]')
    .summary('what a user may do, and why or why not')
    .description('Say what a user may do; with an action and a subject whether they may do that, and by which role or group, or why not.')
    .option('-n, --namespace <namespace>', 'in this namespace, where no object is named')
    .action(line.action(may));
  line.root
    .command('who-may <action> <subject> [object]')
    .summary('who may do something')
    .description('List the users who may do something.')
    .option('-n, --namespace <namespace>', 'in this namespace, where no object is named')
    .action(line.action(whoMay));
};

const grant = async (invocation: Invocation, user: string, { role, group, department }: GrantOptions): Promise<void> => {
  const body = {
    ...(role !== undefined && { roles: heldRolesFrom(role || []) }),
    ...(group !== undefined && { groups: group || [] }),
    ...(department !== undefined && { departmentId: department || null }),
  };
  const path = `users/${encodeURIComponent(user)}/access`;
  await printAccess(invocation, await (await invocation.client()).ask(UserAccess, { method: 'PUT', path, body }));
};

const may = async (
  invocation: Invocation,
  user: string,
  action: string | undefined,
  subject: string | undefined,
  object: string | undefined,
  { namespace }: RightOptions,
): Promise<void> => {
  const client = await invocation.client();
  if (action === undefined || subject === undefined) {
    return printAccess(invocation, await client.ask(UserAccess, { method: 'GET', path: `users/${encodeURIComponent(user)}/access` }));
  }
  const query = queryOf({ user, action, subject, object, namespace });
  const explanation = await client.ask(RightExplanation, { method: 'GET', path: `permissions/explanation?${query}` });
  await invocation.print(explanation, () => `${explanation.text}\n`);
};

const whoMay = async (
  invocation: Invocation,
  action: string,
  subject: string,
  object: string | undefined,
  { namespace }: RightOptions,
): Promise<void> => {
  const query = queryOf({ action, subject, object, namespace, limit: '500' });
  const holders = await (await invocation.client()).ask(RightHolders, { method: 'GET', path: `permissions/holders?${query}` });
  await invocation.print(holders, () => holders.items.map(({ user }) => `${user}\n`).join(''));
};

const queryOf = (values: Readonly<Record<string, string | undefined>>): string =>
  new URLSearchParams(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]])),
  ).toString();

const printAccess = (invocation: Invocation, access: UserAccess): Promise<void> =>
  invocation.print(access, () => {
    const { user, administrator, roles, groups, grants } = access;
    const head = facts({
      user,
      administrator: administrator ? 'yes' : 'no',
      roles: roles.map(heldRoleText).join(', '),
      groups: groups.join(', '),
    });
    const columns = [
      { heading: 'MAY', value: ({ rule }: GrantView) => ruleText(rule) },
      { heading: 'BY ROLE', value: ({ role }: GrantView) => role ?? '' },
      { heading: 'OF GROUP', value: ({ group }: GrantView) => group ?? '' },
    ];
    return grants.length === 0 ? head : `${head}\n${table(columns, grants)}`;
  });
