import { z } from 'zod';
import { PermissionRule } from '../permissions/permission-rule.js';
import { HeldRoleBody, MAX_RULES } from './role.js';

const UserName = z.string().min(1).max(64);

/** People who share roles and rules. */
export const GroupView = z
  .object({
    name: z.string(),
    description: z.string(),
    /** User who may change the members; null: only those who may appoint everywhere. */
    owner: z.string().nullable(),
    members: z.array(z.string()),
    roles: z.array(HeldRoleBody),
    rules: z.array(PermissionRule),
  })
  .meta({ id: 'Group' });
/** People who share roles and rules. */
export type GroupView = z.infer<typeof GroupView>;

/** Answer of `GET groups`. */
export const GroupList = z.object({ items: z.array(GroupView) }).meta({ id: 'GroupList' });
/** Answer of `GET groups`. */
export type GroupList = z.infer<typeof GroupList>;

/** Body of `PUT groups/{name}`: everything but its members. */
export const GroupBody = z
  .strictObject({
    description: z.string().max(1_000).default(''),
    owner: UserName.nullable().default(null),
    roles: z.array(HeldRoleBody).max(100).default([]),
    rules: z.array(PermissionRule).max(MAX_RULES).default([]),
  })
  .meta({ id: 'GroupBody' });
/** Body of `PUT groups/{name}`. */
export type GroupBody = z.infer<typeof GroupBody>;

/** Body of `PUT groups/{name}/members`: the members that it has from then on. */
export const MembersBody = z.strictObject({ members: z.array(UserName).max(10_000) }).meta({ id: 'Members' });
/** Body of `PUT groups/{name}/members`. */
export type MembersBody = z.infer<typeof MembersBody>;
