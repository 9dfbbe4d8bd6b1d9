import { z } from 'zod';
import { SUBJECT_NAMES } from '../permissions/catalogue.js';
import { PermissionRule } from '../permissions/permission-rule.js';
import { HeldRoleBody } from './role.js';

/** Everything that can be allowed, with what needs it. */
export const PermissionCatalogue = z
  .object({
    items: z.array(
      z.object({
        subject: z.string(),
        action: z.string(),
        /** What one may do by it, as the end of "You may not …". */
        description: z.string(),
        /** What conditions of rules may look at. */
        attributes: z.array(z.string()),
        /** Fields that rules on it may be limited to. */
        fields: z.array(z.string()),
        /** Routes that need it, e.g. `POST /api/v1/instances`. */
        routes: z.array(z.string()),
        /** Rpcs that need it, e.g. `/orderlines.instance.v1.InstanceService/StartInstance`. */
        rpcs: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'PermissionCatalogue' });
/** Everything that can be allowed, with what needs it. */
export type PermissionCatalogue = z.infer<typeof PermissionCatalogue>;

/** A rule that somebody has, with where it comes from. */
export const GrantView = z
  .object({
    rule: PermissionRule,
    /** Role it belongs to; null: it is a rule of the group. */
    role: z.string().nullable(),
    group: z.string().nullable(),
    /** The one namespace that it holds in; null: everywhere. */
    namespace: z.string().nullable(),
    /** Everybody has that role in that namespace. */
    everybody: z.boolean(),
  })
  .meta({ id: 'Grant' });
/** A rule that somebody has, with where it comes from. */
export type GrantView = z.infer<typeof GrantView>;

/** Roles, groups and department of a user, and what they may do by them. */
export const UserAccess = z
  .object({
    user: z.string(),
    administrator: z.boolean(),
    departmentId: z.uuid().nullable(),
    /** Their own roles. */
    roles: z.array(HeldRoleBody),
    groups: z.array(z.string()),
    /** Every rule that counts for them. */
    grants: z.array(GrantView),
  })
  .meta({ id: 'UserAccess' });
/** Roles, groups and department of a user, and what they may do by them. */
export type UserAccess = z.infer<typeof UserAccess>;

/** Body of `PUT users/{user}/access`: what is absent stays as it is. */
export const UserAccessBody = z
  .strictObject({
    roles: z.array(HeldRoleBody).max(100).optional(),
    groups: z.array(z.string().min(1).max(100)).max(1_000).optional(),
    departmentId: z.uuid().nullable().optional(),
  })
  .meta({ id: 'UserAccessBody' });
/** Body of `PUT users/{user}/access`. */
export type UserAccessBody = z.infer<typeof UserAccessBody>;

const Right = z.object({
  action: z.string().min(1).max(50),
  subject: z.enum(SUBJECT_NAMES),
  /** The thing, as routes name it: an id, `namespace/name`, a name; absent: any. */
  object: z.string().min(1).max(300).optional(),
  /** A namespace, where no thing is named. */
  namespace: z.string().min(1).max(64).optional(),
});

/** Query of `GET permissions/explanation`. */
export const ExplainRightQuery = Right.extend({ user: z.string().min(1).max(64) });
/** Query of `GET permissions/explanation`. */
export type ExplainRightQuery = z.infer<typeof ExplainRightQuery>;

/** Why somebody may do something, or not. */
export const RightExplanation = z
  .object({
    allowed: z.boolean(),
    /** The answer as a sentence. */
    text: z.string(),
    /** Rules on that action, with what each says about it. */
    grants: z.array(GrantView.extend({ effect: z.enum(['allows', 'forbids', 'does-not-concern']) })),
  })
  .meta({ id: 'RightExplanation' });
/** Why somebody may do something, or not. */
export type RightExplanation = z.infer<typeof RightExplanation>;

/** Query of `GET permissions/holders`. */
export const RightHoldersQuery = Right.extend({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(200).optional(),
});
/** Query of `GET permissions/holders`. */
export type RightHoldersQuery = z.infer<typeof RightHoldersQuery>;

/** Answer of `GET permissions/holders`. */
export const RightHolders = z
  .object({ items: z.array(z.object({ user: z.string(), administrator: z.boolean() })), nextCursor: z.string().nullable() })
  .meta({ id: 'RightHolders' });
/** Answer of `GET permissions/holders`. */
export type RightHolders = z.infer<typeof RightHolders>;

/** What the one who asks may do, for pages that show only that: CASL rules in order, the later ones win. */
export const OwnRights = z
  .object({ roles: z.array(z.string()), groups: z.array(z.string()), rules: z.array(z.record(z.string(), z.unknown())) })
  .meta({ id: 'OwnRights' });
/** What the one who asks may do. */
export type OwnRights = z.infer<typeof OwnRights>;
