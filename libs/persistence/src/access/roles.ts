import type { RoleBody, RoleView, RowLimits } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { audit } from '../audit/audit-record.js';
import { Conditions } from '../read-models/conditions.js';
import { andWithin } from '../read-models/row-limits.js';
import { AccessRefused } from './access-refused.js';
import { RULES } from './policy.js';
import { replaceRules } from './rule-rows.js';

const MAX_ROLES = 1_000;

/** Roles by name that somebody may see, or the one of that name. */
export const listRoles = (
  manager: EntityManager,
  { name, limits }: { readonly name?: string; readonly limits?: RowLimits },
): Promise<RoleView[]> => {
  const where = new Conditions();
  if (name !== undefined) where.and(`lower(r.name) = lower(${where.value(name)})`);
  andWithin(where, limits, { name: 'r.name' });
  return manager.query<RoleView[]>(
    `select r.name, r.description, r.built_in as "builtIn", ${RULES('role_id', 'r.id')},
        (select count(distinct coalesce(a.user_id, a.group_id))::int from access.role_assignment a where a.role_id = r.id) as holders
      from access.role r${where} order by r.name limit ${MAX_ROLES}`,
    where.values,
  );
};

/** Makes a role, or gives it another description and other rules. Throws {@link AccessRefused} for a built-in one. */
export const saveRole = (manager: EntityManager, name: string, { description, rules }: RoleBody): Promise<RoleView> =>
  manager.transaction(async (transaction) => {
    const [before] = await listRoles(transaction, { name });
    if (before?.builtIn) throw builtIn(before.name);
    const [row] = await transaction.query<{ id: string }[]>(
      `insert into access.role (id, name, description) values ($1, $2, $3)
        on conflict (lower(name)) do update set description = excluded.description, updated_at = now() returning id`,
      [uuidv7(), name, description],
    );
    await replaceRules(transaction, { roleId: row?.id ?? '' }, rules);
    const [after] = await listRoles(transaction, { name });
    if (after === undefined) throw new Error('the role that was saved is not there');
    const action = before === undefined ? 'create' : 'update';
    await audit.record(transaction, { action, subject: { kind: 'Role', name: after.name }, before: before ?? null, after });
    return after;
  });

/** Removes a role from everybody who holds it, and for good; false: there was none. Throws {@link AccessRefused} for a built-in one. */
export const removeRole = (manager: EntityManager, name: string): Promise<boolean> =>
  manager.transaction(async (transaction) => {
    const [before] = await listRoles(transaction, { name });
    if (before === undefined) return false;
    if (before.builtIn) throw builtIn(before.name);
    await transaction.query('delete from access.role where lower(name) = lower($1)', [name]);
    await audit.record(transaction, { action: 'delete', subject: { kind: 'Role', name: before.name }, before, after: null });
    return true;
  });

const builtIn = (name: string): AccessRefused =>
  new AccessRefused(
    'built-in',
    'role',
    `The role ${name} is one of the release and stays as it is: make one of your own with another name.`,
  );
