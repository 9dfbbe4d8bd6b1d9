import { GroupList, GroupView, RoleList, RoleView, type HeldRoleBody } from '@orderlines/contracts';
import { z } from 'zod';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { facts, table } from '../output/table.js';
import { heldRoleText, heldRolesFrom } from './held-roles.js';
import { RULE_USAGE, ruleFromText, ruleText } from './rule-text.js';

interface RuleOptions {
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly description?: string;
}
interface GroupOptions extends RuleOptions {
  readonly owner?: string;
  readonly role?: readonly string[];
}

/** `role` and `group`: sets of rules, and people who share them. */
export const addRoles = (line: CommandLine): void => {
  const role = line.root.command('role').summary('set, list and delete roles').description('Sets of rules that users and groups hold.');
  role.command('list').description('List roles with their rules.').action(line.action(listRoles));
  role
    .command('set <name>')
    .description('Make a role, or give it these rules instead of those that it had.')
    .option('--allow <rules...>', `what it allows: ${RULE_USAGE}`)
    .option('--deny <rules...>', 'what it forbids, whatever else allows it')
    .option('--description <text>', 'what it is for')
    .action(line.action(setRole));
  role.command('delete <name>').description('Take a role from everybody, and delete it.').action(line.action(deleteRole));
  const group = line.root.command('group').summary('set, list and delete groups').description('People who share roles and rules.');
  group.command('list').description('List groups with their members.').action(line.action(listGroups));
  group
    .command('set <name>')
    .description('Make a group, or give it these roles and rules instead of those that it had.')
    .option('--role <roles...>', 'roles of its members: <role>, or <role>@<namespace>')
    .option('--allow <rules...>', `what it allows itself: ${RULE_USAGE}`)
    .option('--deny <rules...>', 'what it forbids, whatever else allows it')
    .option('--owner <user>', 'who may change its members')
    .option('--description <text>', 'what it is for')
    .action(line.action(setGroup));
  group
    .command('members <name> [users...]')
    .description('Give a group these members instead of those that it had.')
    .action(line.action(setMembers));
  group.command('delete <name>').description('Delete a group: its members lose what it gave them.').action(line.action(deleteGroup));
};

const rulesFrom = ({ allow = [], deny = [] }: RuleOptions) => [
  ...allow.map((text) => ruleFromText(text, false)),
  ...deny.map((text) => ruleFromText(text, true)),
];

const listRoles = async (invocation: Invocation): Promise<void> => {
  const roles = await (await invocation.client()).ask(RoleList, { method: 'GET', path: 'roles' });
  const columns = [
    { heading: 'NAME', value: ({ name }: RoleView) => name },
    { heading: 'HOLDERS', value: ({ holders }: RoleView) => String(holders) },
    { heading: 'RULES', value: ({ rules }: RoleView) => rules.map(ruleText).join('; ') },
  ];
  await invocation.print(roles, () => table(columns, roles.items));
};

const setRole = async (invocation: Invocation, name: string, options: RuleOptions): Promise<void> => {
  const body = { description: options.description ?? '', rules: rulesFrom(options) };
  const role = await (await invocation.client()).ask(RoleView, { method: 'PUT', path: `roles/${encodeURIComponent(name)}`, body });
  await invocation.print(role, () => facts({ name: role.name, rules: role.rules.map(ruleText).join('; ') }));
};

const deleteRole = (invocation: Invocation, name: string): Promise<void> => remove(invocation, `roles/${encodeURIComponent(name)}`, name);

const listGroups = async (invocation: Invocation): Promise<void> => {
  const groups = await (await invocation.client()).ask(GroupList, { method: 'GET', path: 'groups' });
  const columns = [
    { heading: 'NAME', value: ({ name }: GroupView) => name },
    { heading: 'OWNER', value: ({ owner }: GroupView) => owner ?? '' },
    { heading: 'MEMBERS', value: ({ members }: GroupView) => members.join(', ') },
    { heading: 'ROLES', value: ({ roles }: GroupView) => rolesText(roles) },
    { heading: 'RULES', value: ({ rules }: GroupView) => rules.map(ruleText).join('; ') },
  ];
  await invocation.print(groups, () => table(columns, groups.items));
};

const setGroup = async (invocation: Invocation, name: string, options: GroupOptions): Promise<void> => {
  const { description = '', owner = null, role = [] } = options;
  const body = { description, owner, roles: heldRolesFrom(role), rules: rulesFrom(options) };
  await printGroup(
    invocation,
    await (await invocation.client()).ask(GroupView, { method: 'PUT', path: `groups/${encodeURIComponent(name)}`, body }),
  );
};

const setMembers = async (invocation: Invocation, name: string, members: readonly string[]): Promise<void> => {
  const path = `groups/${encodeURIComponent(name)}/members`;
  await printGroup(invocation, await (await invocation.client()).ask(GroupView, { method: 'PUT', path, body: { members } }));
};

const deleteGroup = (invocation: Invocation, name: string): Promise<void> => remove(invocation, `groups/${encodeURIComponent(name)}`, name);

const printGroup = (invocation: Invocation, group: GroupView): Promise<void> =>
  invocation.print(group, () =>
    facts({
      name: group.name,
      members: group.members.join(', '),
      roles: rolesText(group.roles),
      rules: group.rules.map(ruleText).join('; '),
    }),
  );

const rolesText = (roles: readonly HeldRoleBody[]): string => roles.map(heldRoleText).join(', ');

const remove = async (invocation: Invocation, path: string, name: string): Promise<void> => {
  await (await invocation.client()).ask(z.unknown(), { method: 'DELETE', path });
  await invocation.print({ deleted: name }, () => `deleted ${name}\n`);
};
