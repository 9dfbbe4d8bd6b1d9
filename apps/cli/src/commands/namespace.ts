import { DepartmentList, DepartmentView, NamespaceList, NamespaceView } from '@orderlines/contracts';
import { z } from 'zod';
import { refused } from '../command-error.js';
import type { CommandLine } from '../command-line.js';
import type { Invocation } from '../invocation.js';
import { facts, table } from '../output/table.js';

interface NamespaceOptions {
  readonly description?: string;
  readonly maxRuns?: string;
  readonly maxProcesses?: string;
  readonly defaultRole?: readonly string[];
}
interface DepartmentOptions {
  readonly parent?: string;
  readonly description?: string;
}

/** `namespace` and `department`: what things and people belong to. */
export const addNamespaces = (line: CommandLine): void => {
  const namespace = line.root
    .command('namespace')
    .summary('set, list and delete namespaces')
    .description('What processes, runs and secrets belong to, with quotas and the roles that everybody has there.');
  namespace.command('list').description('List namespaces with their quotas.').action(line.action(listNamespaces));
  namespace
    .command('set <name>')
    .description('Make a namespace, or give it these quotas and default roles instead of those that it had.')
    .option('--max-runs <number>', 'most unfinished runs; any number when left out')
    .option('--max-processes <number>', 'most processes; any number when left out')
    .option('--default-role <roles...>', 'roles that every user has in it')
    .option('--description <text>', 'what it is for')
    .action(line.action(setNamespace));
  namespace.command('delete <name>').description('Delete a namespace that no process is in.').action(line.action(deleteNamespace));
  const department = line.root.command('department').summary('add, list and delete departments').description('The tree that users are in.');
  department.command('list').description('List departments.').action(line.action(listDepartments));
  department
    .command('add <name>')
    .description('Add a department.')
    .option('--parent <id>', 'the department it is in')
    .option('--description <text>', 'what it is')
    .action(line.action(addDepartment));
  department.command('delete <id>').description('Delete a department that nobody is in.').action(line.action(deleteDepartment));
};

const listNamespaces = async (invocation: Invocation): Promise<void> => {
  const namespaces = await (await invocation.client()).ask(NamespaceList, { method: 'GET', path: 'namespaces' });
  const columns = [
    { heading: 'NAME', value: ({ name }: NamespaceView) => name },
    { heading: 'PROCESSES', value: ({ processes, maxProcesses }: NamespaceView) => ofQuota(processes, maxProcesses) },
    { heading: 'MOST RUNS', value: ({ maxUnfinishedRuns }: NamespaceView) => String(maxUnfinishedRuns ?? '') },
    { heading: 'DEFAULT ROLES', value: ({ defaultRoles }: NamespaceView) => defaultRoles.join(', ') },
    { heading: 'DESCRIPTION', value: ({ description }: NamespaceView) => description },
  ];
  await invocation.print(namespaces, () => table(columns, namespaces.items));
};

const setNamespace = async (invocation: Invocation, name: string, options: NamespaceOptions): Promise<void> => {
  const body = {
    description: options.description ?? '',
    maxUnfinishedRuns: numberFrom('--max-runs', options.maxRuns),
    maxProcesses: numberFrom('--max-processes', options.maxProcesses),
    defaultRoles: options.defaultRole ?? [],
  };
  const path = `namespaces/${encodeURIComponent(name)}`;
  const saved = await (await invocation.client()).ask(NamespaceView, { method: 'PUT', path, body });
  await invocation.print(saved, () =>
    facts({ name: saved.name, processes: ofQuota(saved.processes, saved.maxProcesses), 'most runs': saved.maxUnfinishedRuns }),
  );
};

const deleteNamespace = (invocation: Invocation, name: string): Promise<void> =>
  remove(invocation, `namespaces/${encodeURIComponent(name)}`, name);

const listDepartments = async (invocation: Invocation): Promise<void> => {
  const departments = await (await invocation.client()).ask(DepartmentList, { method: 'GET', path: 'departments' });
  const columns = [
    { heading: 'ID', value: ({ id }: DepartmentView) => id },
    { heading: 'DEPARTMENT', value: ({ path }: DepartmentView) => path },
    { heading: 'USERS', value: ({ users }: DepartmentView) => String(users) },
  ];
  await invocation.print(departments, () => table(columns, departments.items));
};

const addDepartment = async (invocation: Invocation, name: string, { parent, description = '' }: DepartmentOptions): Promise<void> => {
  const body = { name, parentId: parent ?? null, description };
  const added = await (await invocation.client()).ask(DepartmentView, { method: 'POST', path: 'departments', body });
  await invocation.print(added, () => facts({ id: added.id, department: added.path }));
};

const deleteDepartment = (invocation: Invocation, id: string): Promise<void> =>
  remove(invocation, `departments/${encodeURIComponent(id)}`, id);

const ofQuota = (count: number, most: number | null): string => (most === null ? String(count) : `${count} of ${most}`);

const numberFrom = (option: string, text: string | undefined): number | null => {
  if (text === undefined) return null;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw refused(`${option} wants a whole number, not "${text}".`);
};

const remove = async (invocation: Invocation, path: string, name: string): Promise<void> => {
  await (await invocation.client()).ask(z.unknown(), { method: 'DELETE', path });
  await invocation.print({ deleted: name }, () => `deleted ${name}\n`);
};
