import { isNamespaced, passes, type PermissionRule } from '@orderlines/contracts';
import type { HeldRole, Holder, Policy } from '@orderlines/persistence';

/** Which rights count beside those of everybody: of the roles a user has, of the groups they are in, or of both. */
export const ACCESS_MODES = ['both', 'roles', 'groups'] as const;
/** Which rights count: see {@link ACCESS_MODES}. */
export type AccessMode = (typeof ACCESS_MODES)[number];

/** Where a rule that somebody has comes from. */
export interface GrantSource {
  /** The role it belongs to; absent: it is a rule of the group itself. */
  readonly role?: string;
  /** The group it came by. */
  readonly group?: string;
  /** The one namespace that it holds in. */
  readonly namespace?: string;
  /** Everybody has the role in that namespace. */
  readonly everybody?: true;
}

/** A rule that somebody has, with where it comes from. */
export interface Grant {
  readonly rule: PermissionRule;
  readonly from: GrantSource;
}

/** Every rule that a user has: of the own roles, of the groups with their roles, and of the roles that everybody has in a namespace. */
export const grantsOf = ({ roles, groups }: Pick<Holder, 'roles' | 'groups'>, policy: Policy, mode: AccessMode): Grant[] => {
  const ofRoles = (held: readonly HeldRole[], from: GrantSource) => held.flatMap((role) => grantsOfRole(role, policy, from));
  const ofGroups = groups.flatMap((group) => {
    const { rules = [], roles: held = [] } = policy.groups.get(group) ?? {};
    return [...rules.map((rule) => ({ rule, from: { group } })), ...ofRoles(held, { group })];
  });
  return [
    ...(mode === 'groups' ? [] : ofRoles(roles, {})),
    ...(mode === 'roles' ? [] : ofGroups),
    ...ofRoles(policy.defaults, { everybody: true }),
  ];
};

const grantsOfRole = ({ role, namespace }: HeldRole, policy: Policy, source: GrantSource): Grant[] =>
  (policy.roles.get(role) ?? []).flatMap((rule) => {
    const bound = namespace === null ? rule : inNamespace(rule, namespace);
    return bound === null ? [] : [{ rule: bound, from: { ...source, role, ...(namespace !== null && { namespace }) } }];
  });

/** A rule as it holds in one namespace; null: it says nothing there. */
const inNamespace = (rule: PermissionRule, namespace: string): PermissionRule | null => {
  if (rule.subject !== 'all' && !isNamespaced(rule.subject)) return null;
  const test = rule.conditions?.['namespace'];
  if (test !== undefined && !passes(test, namespace)) return null;
  return { ...rule, conditions: { ...rule.conditions, namespace } };
};
