import {
  AccessName,
  ExplainRightQuery,
  GroupBody,
  MembersBody,
  NamespaceBody,
  NamespaceName,
  RightHoldersQuery,
  RoleBody,
  UserAccessBody,
  type GrantView,
  type GroupView,
  type HeldRoleBody,
  type NamespaceView,
  type PermissionRule,
  type RoleView,
  type UserAccess,
} from '@orderlines/contracts';
import type { accessRpc } from '@orderlines/rpc';
import type { Functions } from '../gateway.module.js';
import type { Handlers } from './handlers.js';
import { pageOf, parseRequest } from './requests.js';

/** `orderlines.access.v1.AccessService`. */
export const accessService = ({ roles, groups, namespaces, userRights }: Functions, handlers: Handlers): accessRpc.AccessServiceServer => ({
  listRoles: handlers.unary(async (_request, principal) => ({ roles: (await roles.list(principal)).items.map(toRole) })),
  saveRole: handlers.unary(async ({ name, description, rules }) => {
    const body = parseRequest(RoleBody, { description, rules: rules.map(ruleOf) });
    return { role: toRole(await roles.save(parseRequest(AccessName, name), body)) };
  }),
  removeRole: handlers.unary(async ({ name }) => {
    await roles.remove(name);
    return {};
  }),
  listGroups: handlers.unary(async (_request, principal) => ({ groups: (await groups.list(principal)).items.map(toGroup) })),
  saveGroup: handlers.unary(async ({ name, description, owner, roles: held, rules }) => {
    const body = parseRequest(GroupBody, { description, owner: owner || null, roles: held.map(heldRoleOf), rules: rules.map(ruleOf) });
    return { group: toGroup(await groups.save(parseRequest(AccessName, name), body)) };
  }),
  setGroupMembers: handlers.unary(async ({ name, members }, principal) => ({
    group: toGroup(await groups.appoint(name, parseRequest(MembersBody, { members }), principal)),
  })),
  removeGroup: handlers.unary(async ({ name }) => {
    await groups.remove(name);
    return {};
  }),
  listNamespaces: handlers.unary(async (_request, principal) => ({
    namespaces: (await namespaces.list(principal)).items.map(toNamespace),
  })),
  saveNamespace: handlers.unary(async ({ name, ...body }, principal) => ({
    namespace: toNamespace(await namespaces.save(parseRequest(NamespaceName, name), parseRequest(NamespaceBody, body), principal)),
  })),
  removeNamespace: handlers.unary(async ({ name }) => {
    await namespaces.remove(name);
    return {};
  }),
  getUserAccess: handlers.unary(async ({ user }) => ({ access: toAccess(await userRights.get(user)) })),
  setUserAccess: handlers.unary(async ({ user, roles: held, groups: names }) => {
    const body = parseRequest(UserAccessBody, { roles: held.map(heldRoleOf), groups: names });
    return { access: toAccess(await userRights.change(user, body)) };
  }),
  explainRight: handlers.unary(async (request) => {
    const { grants, ...answer } = await userRights.explain(parseRequest(ExplainRightQuery, given(request)));
    return { ...answer, grants: grants.map((grant) => ({ ...toGrant(grant), effect: grant.effect })) };
  }),
  listRightHolders: handlers.unary(async ({ pageSize, pageToken, ...right }) => {
    const query = parseRequest(RightHoldersQuery, { ...given(right), ...pageOf(pageSize, pageToken) });
    const { items, nextCursor } = await userRights.holders(query);
    return { users: items.map(({ user }) => user), nextPageToken: nextCursor ?? '' };
  }),
});

/** What protobuf sends for "absent" is left out. */
const given = (request: object): Record<string, unknown> => Object.fromEntries(Object.entries(request).filter(([, value]) => value !== ''));

const ruleOf = ({ conditions, fields, inverted, reason, ...rule }: accessRpc.Rule) => ({
  ...rule,
  ...(conditions !== undefined && { conditions }),
  ...(fields.length > 0 && { fields }),
  ...(inverted && { inverted }),
  ...(reason !== '' && { reason }),
});

const heldRoleOf = ({ role, namespace }: accessRpc.HeldRole) => ({ role, namespace: namespace || null });

const toRule = ({ action, subject, conditions, fields = [], inverted = false, reason = '' }: PermissionRule): accessRpc.Rule => ({
  ...{ action, subject, conditions, fields, inverted, reason },
});

const toHeldRole = ({ role, namespace }: HeldRoleBody): accessRpc.HeldRole => ({ role, namespace: namespace ?? '' });

const toRole = (role: RoleView): accessRpc.Role => ({ ...role, rules: role.rules.map(toRule) });

const toGroup = (group: GroupView): accessRpc.Group => ({
  ...group,
  owner: group.owner ?? '',
  roles: group.roles.map(toHeldRole),
  rules: group.rules.map(toRule),
});

const toNamespace = ({ maxUnfinishedRuns, maxProcesses, ...namespace }: NamespaceView): accessRpc.Namespace => ({
  ...namespace,
  maxUnfinishedRuns: maxUnfinishedRuns ?? undefined,
  maxProcesses: maxProcesses ?? undefined,
});

const toGrant = ({ rule, role, group, namespace, everybody }: GrantView): accessRpc.Grant => ({
  rule: toRule(rule),
  role: role ?? '',
  group: group ?? '',
  namespace: namespace ?? '',
  everybody,
  effect: '',
});

const toAccess = (access: UserAccess): accessRpc.UserAccess => ({
  ...access,
  departmentId: access.departmentId ?? '',
  roles: access.roles.map(toHeldRole),
  grants: access.grants.map(toGrant),
});
