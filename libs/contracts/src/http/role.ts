import { z } from 'zod';
import { PermissionRule } from '../permissions/permission-rule.js';

/** Most rules of a role or group. */
export const MAX_RULES = 200;

/** Name of a role, group, or department. */
export const AccessName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u, 'letters, digits, blanks, ".", "_" and "-", beginning with a letter or digit');

/** Name of a namespace. */
export const NamespaceName = z.string().regex(/^[\p{L}\p{M}\p{N}_.-]{1,64}$/u, 'a namespace has 1 to 64 letters, digits, `_`, `.` or `-`');

/** A role that is held, everywhere or in one namespace. */
export const HeldRoleBody = z
  .strictObject({
    role: AccessName,
    /** Null: everywhere. */
    namespace: NamespaceName.nullable().default(null),
  })
  .meta({ id: 'HeldRole' });
/** A role that is held, everywhere or in one namespace. */
export type HeldRoleBody = z.infer<typeof HeldRoleBody>;

/** A set of rules that users and groups can hold. */
export const RoleView = z
  .object({
    name: z.string(),
    description: z.string(),
    /** Of the release: it cannot be changed. */
    builtIn: z.boolean(),
    rules: z.array(PermissionRule),
    /** How many users and groups hold it, somewhere. */
    holders: z.int(),
  })
  .meta({ id: 'Role' });
/** A set of rules that users and groups can hold. */
export type RoleView = z.infer<typeof RoleView>;

/** Answer of `GET roles`. */
export const RoleList = z.object({ items: z.array(RoleView) }).meta({ id: 'RoleList' });
/** Answer of `GET roles`. */
export type RoleList = z.infer<typeof RoleList>;

/** Body of `PUT roles/{name}`. */
export const RoleBody = z
  .strictObject({ description: z.string().max(1_000).default(''), rules: z.array(PermissionRule).max(MAX_RULES) })
  .meta({ id: 'RoleBody' });
/** Body of `PUT roles/{name}`. */
export type RoleBody = z.infer<typeof RoleBody>;
