import type { PermissionRule } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';

/** A role that is held, everywhere or in one namespace. */
export interface HeldRole {
  readonly role: string;
  /** Null: everywhere. */
  readonly namespace: string | null;
}

/** What roles and groups allow, whoever holds them. */
export interface Policy {
  readonly roles: ReadonlyMap<string, readonly PermissionRule[]>;
  readonly groups: ReadonlyMap<string, { readonly rules: readonly PermissionRule[]; readonly roles: readonly HeldRole[] }>;
  /** Roles that every user has. */
  readonly defaults: readonly HeldRole[];
}

/** A user with the roles and groups that are theirs. */
export interface Holder {
  readonly id: string;
  readonly userName: string;
  /** May do everything, whatever rules say. */
  readonly administrator: boolean;
  readonly roles: readonly HeldRole[];
  readonly groups: readonly string[];
}

/** Column `rules`: the rules of a role or group as JSON, in their order. */
export const RULES = (column: 'role_id' | 'group_id', id: string) => `coalesce((select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
    'action', p.action, 'subject', p.subject, 'conditions', p.conditions, 'fields', to_jsonb(p.fields),
    'inverted', case when p.inverted then true end, 'reason', p.reason)) order by p.position)
  from access.permission_rule p where p.${column} = ${id}), '[]') as rules`;

/** Column `roles`: the roles that a user or group holds, as JSON. */
export const HELD = (
  column: 'user_id' | 'group_id',
  id: string,
) => `coalesce((select jsonb_agg(jsonb_build_object('role', r.name, 'namespace', a.namespace)
    order by r.name, a.namespace nulls first)
  from access.role_assignment a join access.role r on r.id = a.role_id where a.${column} = ${id}), '[]') as roles`;

/** Column `groups`: names of the groups that the user `u` is in, as JSON. */
export const GROUPS = `coalesce((select jsonb_agg(g.name order by g.name)
  from access.group_member m join access.user_group g on g.id = m.group_id where m.user_id = u.id), '[]') as groups`;

/** What decides whether rights that were read are still those that hold. */
export interface RightsState {
  /** Raised by every change of what people may do. */
  readonly version: string;
  /** The system parameter `access_mode`, as it is written; null: it has its default. */
  readonly mode: string | null;
}

/** Which rights hold now. */
export const readRightsState = async (manager: EntityManager): Promise<RightsState> => {
  const [row] = await manager.query<RightsState[]>(
    `select version, (select value #>> '{}' from system.parameter where name = 'access_mode') as mode from access.rights_version`,
  );
  if (row === undefined) throw new Error('access.rights_version has lost its row');
  return row;
};

/** What all roles and groups allow. */
export const readPolicy = async (manager: EntityManager): Promise<Policy> => {
  type Rules = readonly PermissionRule[];
  const roles = await manager.query<{ name: string; rules: Rules }[]>(`select r.name, ${RULES('role_id', 'r.id')} from access.role r`);
  const groups = await manager.query<{ name: string; rules: Rules; roles: HeldRole[] }[]>(
    `select g.name, ${RULES('group_id', 'g.id')}, ${HELD('group_id', 'g.id')} from access.user_group g`,
  );
  const defaults = await manager.query<HeldRole[]>(
    'select r.name as role, d.namespace from access.namespace_default_role d join access.role r on r.id = d.role_id order by 2, 1',
  );
  return {
    roles: new Map(roles.map(({ name, rules }) => [name, rules])),
    groups: new Map(groups.map(({ name, ...group }) => [name, group])),
    defaults,
  };
};

const HOLDER = `u.id, u.user_name as "userName", u.administrator, ${HELD('user_id', 'u.id')}, ${GROUPS}`;

/** A user with their roles and groups; null: there is no such user. */
export const readHolder = async (manager: EntityManager, userId: string): Promise<Holder | null> => {
  const [holder] = await manager.query<Holder[]>(`select ${HOLDER} from access.user_account u where u.id = $1`, [userId]);
  return holder ?? null;
};

/** Users that may log in, by name behind `after`, with their roles and groups. */
export const readHolders = (manager: EntityManager, after: string, limit: number): Promise<Holder[]> =>
  manager.query<Holder[]>(
    `select ${HOLDER} from access.user_account u where u.enabled and u.approved and lower(u.user_name) > lower($1) order by lower(u.user_name) limit $2`,
    [after, limit],
  );
