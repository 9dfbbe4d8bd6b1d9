import type { EntityManager } from 'typeorm';
import { AccessRefused } from './access-refused.js';
import type { HeldRole } from './policy.js';

/** Who holds roles. */
export type RoleHolder = { readonly userId: string } | { readonly groupId: string };

/** Gives a user or a group these roles instead of those that they had. Throws {@link AccessRefused} for one that is not known. */
export const replaceHeldRoles = async (manager: EntityManager, holder: RoleHolder, held: readonly HeldRole[]): Promise<void> => {
  const [column, id] = 'userId' in holder ? ['user_id', holder.userId] : ['group_id', holder.groupId];
  const found = await manager.query<{ role: string; namespace: string | null; role_id: string | null; there: boolean }[]>(
    `select wanted.role, wanted.namespace, r.id as role_id, wanted.namespace is null or n.name is not null as there
      from jsonb_to_recordset($1::jsonb) as wanted(role text, namespace text)
      left join access.role r on lower(r.name) = lower(wanted.role) left join access.namespace n on n.name = wanted.namespace`,
    [JSON.stringify(held)],
  );
  for (const { role, namespace, role_id: roleId, there } of found) {
    if (roleId === null) throw new AccessRefused('unknown', 'role', `There is no role "${role}".`);
    if (!there) throw new AccessRefused('unknown', 'namespace', `There is no namespace "${namespace}".`);
  }
  await manager.query(`delete from access.role_assignment where ${column} = $1`, [id]);
  await manager.query(
    `insert into access.role_assignment (role_id, ${column}, namespace)
      select distinct role_id, $1::uuid, namespace from jsonb_to_recordset($2::jsonb) as found(role_id uuid, namespace text)`,
    [id, JSON.stringify(found)],
  );
};
