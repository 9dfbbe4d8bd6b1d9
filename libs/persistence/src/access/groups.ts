import type { GroupBody, GroupView, RowLimits } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { audit } from '../audit/audit-record.js';
import { Conditions } from '../read-models/conditions.js';
import { andWithin } from '../read-models/row-limits.js';
import { AccessRefused } from './access-refused.js';
import { replaceHeldRoles } from './held-roles.js';
import { HELD, RULES } from './policy.js';
import { replaceRules } from './rule-rows.js';
import { userIdsOf } from './users.js';

const MAX_GROUPS = 1_000;

/** Groups by name that somebody may see, or the one of that name. */
export const listGroups = (
  manager: EntityManager,
  { name, limits }: { readonly name?: string; readonly limits?: RowLimits },
): Promise<GroupView[]> => {
  const where = new Conditions();
  if (name !== undefined) where.and(`lower(g.name) = lower(${where.value(name)})`);
  andWithin(where, limits, { name: 'g.name', owner: `coalesce(o.user_name, '')` });
  return manager.query<GroupView[]>(
    `select g.name, g.description, o.user_name as owner, ${RULES('group_id', 'g.id')}, ${HELD('group_id', 'g.id')},
        coalesce((select jsonb_agg(u.user_name order by u.user_name)
          from access.group_member m join access.user_account u on u.id = m.user_id where m.group_id = g.id), '[]') as members
      from access.user_group g left join access.user_account o on o.id = g.owner_id${where} order by g.name limit ${MAX_GROUPS}`,
    where.values,
  );
};

/** Makes a group, or changes all of it but its members. Throws {@link AccessRefused} for a role, namespace or user that is not known. */
export const saveGroup = (manager: EntityManager, name: string, { description, owner, roles, rules }: GroupBody): Promise<GroupView> =>
  changing(manager, name, async (transaction) => {
    const [ownerId = null] = owner === null ? [] : await userIdsOf(transaction, [owner]);
    const [row] = await transaction.query<{ id: string }[]>(
      `insert into access.user_group (id, name, description, owner_id) values ($1, $2, $3, $4)
        on conflict (lower(name)) do update set description = excluded.description, owner_id = excluded.owner_id, updated_at = now()
        returning id`,
      [uuidv7(), name, description, ownerId],
    );
    const holder = { groupId: row?.id ?? '' };
    await replaceHeldRoles(transaction, holder, roles);
    await replaceRules(transaction, holder, rules);
  });

/** Gives a group these members instead of those that it had; null: there is no such group. Throws {@link AccessRefused}. */
export const replaceMembers = async (manager: EntityManager, name: string, members: readonly string[]): Promise<GroupView | null> => {
  const [known] = await listGroups(manager, { name });
  if (known === undefined) return null;
  return changing(manager, name, async (transaction) => {
    const ids = await userIdsOf(transaction, members);
    const group = '(select id from access.user_group where lower(name) = lower($1))';
    await transaction.query(`delete from access.group_member where group_id = ${group}`, [name]);
    await transaction.query(`insert into access.group_member (group_id, user_id) select ${group}, id from unnest($2::uuid[]) id`, [
      name,
      ids,
    ]);
  });
};

/** Removes a group for good; its members lose what it gave them. False: there was none. */
export const removeGroup = (manager: EntityManager, name: string): Promise<boolean> =>
  manager.transaction(async (transaction) => {
    const [before] = await listGroups(transaction, { name });
    if (before === undefined) return false;
    await transaction.query('delete from access.user_group where lower(name) = lower($1)', [name]);
    await audit.record(transaction, { action: 'delete', subject: { kind: 'Group', name: before.name }, before, after: null });
    return true;
  });

const changing = (manager: EntityManager, name: string, change: (transaction: EntityManager) => Promise<void>): Promise<GroupView> =>
  manager.transaction(async (transaction) => {
    const [before] = await listGroups(transaction, { name });
    await change(transaction);
    const [after] = await listGroups(transaction, { name });
    if (after === undefined) throw new AccessRefused('unknown', 'group', `There is no group "${name}".`);
    const action = before === undefined ? 'create' : 'update';
    await audit.record(transaction, { action, subject: { kind: 'Group', name: after.name }, before: before ?? null, after });
    return after;
  });
