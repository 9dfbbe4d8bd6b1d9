import type { UserAccess, UserAccessBody } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';
import { audit } from '../audit/audit-record.js';
import { constraintOf } from '../postgres-error.js';
import { AccessRefused } from './access-refused.js';
import { replaceHeldRoles } from './held-roles.js';
import { GROUPS, HELD } from './policy.js';

/** Roles, groups and department of a user, by name or id. */
export type HeldByUser = Omit<UserAccess, 'grants'> & { readonly id: string; readonly enabled: boolean; readonly approved: boolean };

/** What a user holds; null: there is no such user. */
export const readUserAccess = async (manager: EntityManager, user: string): Promise<HeldByUser | null> => {
  const [found] = await manager.query<HeldByUser[]>(
    `select u.id, u.user_name as user, u.administrator, u.enabled, u.approved, u.department_id as "departmentId", ${HELD('user_id', 'u.id')}, ${GROUPS}
      from access.user_account u where lower(u.user_name) = lower($1) or u.id::text = lower($1)`,
    [user],
  );
  return found ?? null;
};

/** Gives a user other roles, groups or another department; what is absent stays. Null: there is no such user. Throws {@link AccessRefused}. */
export const changeUserAccess = (
  manager: EntityManager,
  user: string,
  { roles, groups, departmentId }: UserAccessBody,
): Promise<HeldByUser | null> =>
  manager.transaction(async (transaction) => {
    const before = await readUserAccess(transaction, user);
    if (before === null) return null;
    const { id } = before;
    if (roles) await replaceHeldRoles(transaction, { userId: id }, roles);
    if (groups) await replaceGroups(transaction, id, groups);
    if (departmentId !== undefined) await moveTo(transaction, id, departmentId);
    const after = await readUserAccess(transaction, user);
    await audit.record(transaction, { action: 'grant', subject: { kind: 'User', id, name: before.user }, before, after });
    return after;
  });

const replaceGroups = async (manager: EntityManager, userId: string, groups: readonly string[]): Promise<void> => {
  await manager.query('delete from access.group_member where user_id = $1', [userId]);
  const joined = await manager.query<{ name: string }[]>(
    `with joined as (insert into access.group_member (group_id, user_id)
        select id, $1 from access.user_group where lower(name) = any (select lower(wanted) from unnest($2::text[]) wanted) returning group_id)
      select lower(g.name) as name from joined join access.user_group g on g.id = joined.group_id`,
    [userId, groups],
  );
  const missing = groups.find((group) => !joined.some(({ name }) => name === group.toLowerCase()));
  if (missing !== undefined) throw new AccessRefused('unknown', 'group', `There is no group "${missing}".`);
};

const moveTo = async (manager: EntityManager, userId: string, departmentId: string | null): Promise<void> => {
  try {
    await manager.query('update access.user_account set department_id = $2, updated_at = now() where id = $1', [userId, departmentId]);
  } catch (error) {
    if (constraintOf(error) !== 'user_account_department_id_fkey') throw error;
    throw new AccessRefused('unknown', 'department', `There is no department ${departmentId}.`, { cause: error });
  }
};
