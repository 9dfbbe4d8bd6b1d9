import { DepartmentList, DepartmentView, GroupView, NamespaceList, NamespaceView, UserAdded, UserPage } from '@orderlines/contracts';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { table } from '../output/table.js';
import type { ApiClient } from '../server/client.js';

interface DemoDepartment {
  readonly name: string;
  readonly group: string;
  /** Role of its people in each namespace; null: everywhere. */
  readonly role: string;
  readonly namespaces: readonly (string | null)[];
  readonly people: readonly string[];
}

const NAMESPACES = ['shop', 'platform'] as const;
/** Three departments that may do different things: the first of each owns its group. */
const DEPARTMENTS: readonly DemoDepartment[] = [
  { name: 'Development', group: 'demo-developers', role: 'developer', namespaces: ['shop'], people: ['demo-dana', 'demo-dirk'] },
  { name: 'Operations', group: 'demo-operators', role: 'operator', namespaces: NAMESPACES, people: ['demo-olga', 'demo-otto'] },
  { name: 'Audit', group: 'demo-auditors', role: 'auditor', namespaces: [null], people: ['demo-anna'] },
];

/** `seed-demo`: an installation to look at; run again it adds only what is missing. */
export const addSeedDemo = (line: CommandLine): void => {
  line.root
    .command('seed-demo')
    .summary('add three departments with people, groups and namespaces')
    .description(
      'Add what a demonstration needs: the departments Development, Operations and Audit, a group with a role for each, the namespaces shop and ' +
        'platform, and five users. Their one-time passwords are shown this once. Run again, it adds only what is missing.',
    )
    .action(line.action(seed));
};

const seed = async (invocation: Invocation): Promise<void> => {
  const client = await invocation.client();
  for (const name of NAMESPACES) await ensureNamespace(client, name);
  const made: UserAdded[] = [];
  for (const department of DEPARTMENTS) made.push(...(await ensureDepartment(client, department)));
  await invocation.print({ users: made }, () =>
    made.length === 0
      ? 'everything was there already'
      : table<UserAdded>(
          [
            { heading: 'USER', value: ({ userName }) => userName },
            { heading: 'ONE-TIME PASSWORD', value: ({ oneTimePassword }) => oneTimePassword },
          ],
          made,
        ),
  );
};

const ensureNamespace = async (client: ApiClient, name: string): Promise<void> => {
  const { items } = await client.ask(NamespaceList, { method: 'GET', path: 'namespaces' });
  if (items.some((namespace) => namespace.name === name)) return;
  await client.ask(NamespaceView, { method: 'PUT', path: `namespaces/${name}`, body: { description: 'of the demonstration' } });
};

const ensureDepartment = async (client: ApiClient, { name, group, role, namespaces, people }: DemoDepartment): Promise<UserAdded[]> => {
  const { items } = await client.ask(DepartmentList, { method: 'GET', path: 'departments' });
  const known = items.find((one) => one.name === name && one.parentId === null);
  const { id } = known ?? (await client.ask(DepartmentView, { method: 'POST', path: 'departments', body: { name } }));
  const made: UserAdded[] = [];
  for (const userName of people) {
    const page = await client.ask(UserPage, { method: 'GET', path: 'users', query: { search: userName } });
    if (page.items.some((user) => user.userName === userName)) continue;
    made.push(await client.ask(UserAdded, { method: 'POST', path: 'users', body: { userName, departmentId: id } }));
  }
  const roles = namespaces.map((namespace) => ({ role, namespace }));
  const body = { description: `people of ${name}`, owner: people[0], roles };
  await client.ask(GroupView, { method: 'PUT', path: `groups/${group}`, body });
  await client.ask(GroupView, { method: 'PUT', path: `groups/${group}/members`, body: { members: people } });
  return made;
};
