import type { NamespaceBody, NamespaceView, RowLimits } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';
import { audit } from '../audit/audit-record.js';
import { Conditions } from '../read-models/conditions.js';
import { andWithin } from '../read-models/row-limits.js';
import { AccessRefused } from './access-refused.js';

const MAX_NAMESPACES = 10_000;

/** Namespaces by name that somebody may see, or the one of that name. */
export const listNamespaces = (
  manager: EntityManager,
  { name, limits }: { readonly name?: string; readonly limits?: RowLimits },
): Promise<NamespaceView[]> => {
  const where = new Conditions();
  where.equal('n.name', name);
  andWithin(where, limits, { namespace: 'n.name' });
  return manager.query<NamespaceView[]>(
    `select n.name, n.description, n.max_unfinished_runs as "maxUnfinishedRuns", n.max_processes as "maxProcesses",
        coalesce((select jsonb_agg(r.name order by r.name)
          from access.namespace_default_role d join access.role r on r.id = d.role_id where d.namespace = n.name), '[]') as "defaultRoles",
        (select count(*)::int from definition.process p where p.namespace = n.name and p.removed_at is null) as processes
      from access.namespace n${where} order by n.name limit ${MAX_NAMESPACES}`,
    where.values,
  );
};

/** Makes a namespace, or changes it. Throws {@link AccessRefused} for a role that is not known. */
export const saveNamespace = (manager: EntityManager, name: string, namespace: NamespaceBody, actor: string): Promise<NamespaceView> =>
  manager.transaction(async (transaction) => {
    const [before] = await listNamespaces(transaction, { name });
    const { description, maxUnfinishedRuns, maxProcesses, defaultRoles } = namespace;
    await transaction.query(
      `insert into access.namespace (name, description, max_unfinished_runs, max_processes, created_by, updated_by) values ($1, $2, $3, $4, $5, $5)
        on conflict (name) do update set description = excluded.description, max_unfinished_runs = excluded.max_unfinished_runs,
          max_processes = excluded.max_processes, updated_by = excluded.updated_by, updated_at = now()`,
      [name, description, maxUnfinishedRuns, maxProcesses, actor],
    );
    await replaceDefaultRoles(transaction, name, defaultRoles);
    const [after] = await listNamespaces(transaction, { name });
    if (after === undefined) throw new Error('the namespace that was saved is not there');
    const action = before === undefined ? 'create' : 'update';
    await audit.record(transaction, { action, subject: { kind: 'Namespace', name, namespace: name }, before: before ?? null, after });
    return after;
  });

/** Whether there is a namespace of that name. */
export const hasNamespace = async (manager: EntityManager, name: string): Promise<boolean> =>
  (await manager.query<unknown[]>('select from access.namespace where name = $1', [name])).length > 0;

/** Removes a namespace that nothing is in; false: there was none. Throws {@link AccessRefused} while a process is in it. */
export const removeNamespace = (manager: EntityManager, name: string): Promise<boolean> =>
  manager.transaction(async (transaction) => {
    await transaction.query('select from access.namespace where name = $1 for update', [name]);
    const [before] = await listNamespaces(transaction, { name });
    if (before === undefined) return false;
    if (before.processes > 0) {
      throw new AccessRefused('in-use', 'namespace', `The namespace ${name} has ${before.processes} processes: remove them first.`);
    }
    await transaction.query('delete from access.namespace where name = $1', [name]);
    await audit.record(transaction, { action: 'delete', subject: { kind: 'Namespace', name, namespace: name }, before, after: null });
    return true;
  });

/** Makes room for another process in a namespace, which is made when it is missing. Throws {@link AccessRefused} when it is full. */
export const admitProcess = async (manager: EntityManager, name: string, actor: string): Promise<void> => {
  await manager.query('insert into access.namespace (name, created_by, updated_by) values ($1, $2, $2) on conflict do nothing', [
    name,
    actor,
  ]);
  const [row] = await manager.query<{ most: number | null }[]>(
    'select max_processes as most from access.namespace where name = $1 for no key update',
    [name],
  );
  if (row?.most == null) return;
  const [{ count = 0 } = {}] = await manager.query<{ count: number }[]>(
    'select count(*)::int as count from definition.process where namespace = $1 and removed_at is null',
    [name],
  );
  if (count < row.most) return;
  throw new AccessRefused(
    'quota',
    'namespace',
    `The namespace ${name} holds the ${row.most} processes that it may: remove one, or have its quota raised.`,
  );
};

const replaceDefaultRoles = async (manager: EntityManager, namespace: string, roles: readonly string[]): Promise<void> => {
  await manager.query('delete from access.namespace_default_role where namespace = $1', [namespace]);
  const added = await manager.query<{ name: string }[]>(
    `with given as (insert into access.namespace_default_role (namespace, role_id)
        select $1, id from access.role where lower(name) = any (select lower(role) from unnest($2::text[]) role) returning role_id)
      select lower(r.name) as name from given join access.role r on r.id = given.role_id`,
    [namespace, roles],
  );
  const missing = roles.find((role) => !added.some(({ name }) => name === role.toLowerCase()));
  if (missing !== undefined) throw new AccessRefused('unknown', 'role', `There is no role "${missing}".`);
};
