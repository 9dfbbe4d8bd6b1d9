import { inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import type { DepartmentView, GroupView, Json, NamespaceView, PermissionRule, RoleView, TokenView, UserView } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { formatTime, Language, wholeList, type Filter } from '@orderlines/console/ui';
import { field, type RecordKind } from '../record/record-kind.js';

const TEXT: Filter = { id: 'text', label: 'records.search', kind: 'text' };
const yes = (value: boolean): string => (value ? '✓' : '–');
const names = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : []);
const rulesText = (rules: readonly PermissionRule[]): string =>
  rules.map(({ action, subject, inverted }) => `${inverted ? '−' : ''}${action} ${subject}`).join(', ');

/** People and service accounts. */
export const usersKind = (): RecordKind<UserView> => {
  const api = inject(Api);
  const transloco = inject(TranslocoService);
  return {
    name: 'users',
    title: 'nav.users',
    columns: [
      { id: 'userName', label: 'access.userName', text: ({ userName }) => userName },
      { id: 'displayName', label: 'access.displayName', text: ({ displayName }) => displayName },
      { id: 'email', label: 'access.email', text: ({ email }) => email },
      { id: 'phone', label: 'access.phone', text: ({ phone }) => phone, optional: true },
      { id: 'kind', label: 'access.kind', text: ({ kind }) => transloco.translate<string>(`access.kinds.${kind}`) },
      { id: 'administrator', label: 'access.administrator', text: ({ administrator }) => yes(administrator) },
      { id: 'enabled', label: 'access.enabled', text: ({ enabled }) => yes(enabled) },
      { id: 'approved', label: 'access.approved', text: ({ approved }) => yes(approved) },
    ],
    filters: [{ id: 'search', label: 'records.search', kind: 'text' }],
    source: (query, signal) => api.call('GET users', { query: query as never, signal }),
    key: ({ id }) => id,
    nameOf: ({ userName }) => userName,
    page: ({ id }) => `/users/${id}`,
    write: ['write', 'User'],
    remove: { right: ['delete', 'User'], run: ({ id }) => api.call('DELETE users/:id', { id }) },
    fields: (user) => [
      field('userName', 'access.userName', { required: true, ...(user && { default: user.userName }) }),
      field('displayName', 'access.displayName', user ? { default: user.displayName } : {}),
      field('email', 'access.email', user?.email ? { default: user.email } : {}),
      field('phone', 'access.phone', user?.phone ? { default: user.phone } : {}),
      ...(user
        ? [
            field('enabled', 'access.enabled', { type: 'boolean', default: user.enabled }),
            field('approved', 'access.approved', { type: 'boolean', default: user.approved }),
          ]
        : [
            field('kind', 'access.kind', { enum: ['person', 'service'], default: 'person' }),
            field('roles', 'access.roles', { type: 'list', default: ['developer'] }),
          ]),
    ],
    save: async (values, user) => {
      if (user) {
        await api.call('PATCH users/:id', { id: user.id, body: values as never });
        return;
      }
      return (await api.call('POST users', { body: values as never })).oneTimePassword;
    },
    actions: [
      {
        label: 'access.resetPassword',
        icon: 'key',
        isPossible: ({ kind }) => kind === 'person',
        run: async ({ id }) => (await api.call('POST users/:id/password-reset', { id, body: {} })).oneTimePassword,
      },
      {
        label: 'access.unlock',
        icon: 'lock',
        isPossible: ({ kind }) => kind === 'person',
        run: ({ id }) => api.call('POST users/:id/unlock', { id, body: {} }),
      },
    ],
  };
};

/** Roles with their rules. */
export const rolesKind = (): RecordKind<RoleView> => {
  const api = inject(Api);
  return {
    name: 'roles',
    title: 'nav.roles',
    columns: [
      { id: 'name', label: 'access.name', text: ({ name }) => name },
      { id: 'description', label: 'access.description', text: ({ description }) => description },
      { id: 'rules', label: 'access.rules', text: ({ rules }) => rulesText(rules) },
      { id: 'holders', label: 'access.holders', text: ({ holders }) => holders, numeric: true },
      { id: 'builtIn', label: 'access.builtIn', text: ({ builtIn }) => yes(builtIn) },
    ],
    filters: [TEXT],
    source: wholeList(
      async (signal) => (await api.call('GET roles', { signal })).items,
      ({ name, description }) => `${name} ${description}`,
    ),
    key: ({ name }) => name,
    nameOf: ({ name }) => name,
    write: ['write', 'Role'],
    remove: {
      right: ['delete', 'Role'],
      run: ({ name }) => api.call('DELETE roles/:name', { name }),
      isPossible: ({ builtIn }) => !builtIn,
    },
    fields: (role) =>
      role?.builtIn
        ? null
        : [
            ...(role ? [] : [field('name', 'access.name', { required: true })]),
            field('description', 'access.description', { type: 'text', ...(role && { default: role.description }) }),
            field('rules', 'access.rules', {
              type: 'list',
              required: true,
              description: 'access.rulesHint',
              default: (role?.rules ?? [{ action: 'read', subject: 'Process' }]) as never,
            }),
          ],
    save: async ({ name, description, rules }, role) => {
      await api.call('PUT roles/:name', {
        name: role?.name ?? String(name),
        body: { description: String(description ?? ''), rules: rules as never },
      });
    },
  };
};

/** Groups with members, roles and rules. */
export const groupsKind = (): RecordKind<GroupView> => {
  const api = inject(Api);
  return {
    name: 'groups',
    title: 'nav.groups',
    columns: [
      { id: 'name', label: 'access.name', text: ({ name }) => name },
      { id: 'description', label: 'access.description', text: ({ description }) => description },
      { id: 'owner', label: 'access.owner', text: ({ owner }) => owner },
      { id: 'members', label: 'access.members', text: ({ members }) => members.join(', ') },
      {
        id: 'roles',
        label: 'access.roles',
        text: ({ roles }) => roles.map(({ role, namespace }) => (namespace ? `${role} (${namespace})` : role)).join(', '),
      },
      { id: 'rules', label: 'access.rules', text: ({ rules }) => rulesText(rules) },
    ],
    filters: [TEXT],
    source: wholeList(
      async (signal) => (await api.call('GET groups', { signal })).items,
      ({ name, description }) => `${name} ${description}`,
    ),
    key: ({ name }) => name,
    nameOf: ({ name }) => name,
    write: ['write', 'Group'],
    remove: { right: ['delete', 'Group'], run: ({ name }) => api.call('DELETE groups/:name', { name }) },
    fields: (group) => [
      ...(group ? [] : [field('name', 'access.name', { required: true })]),
      field('description', 'access.description', { type: 'text', ...(group && { default: group.description }) }),
      field('owner', 'access.owner', group?.owner ? { default: group.owner } : {}),
      field('members', 'access.members', { type: 'list', description: 'access.membersHint', default: group?.members ?? [] }),
      field('roles', 'access.roles', { type: 'list', description: 'access.heldHint', default: (group?.roles ?? []) as never }),
      field('rules', 'access.rules', { type: 'list', description: 'access.rulesHint', default: (group?.rules ?? []) as never }),
    ],
    save: async ({ name, members, description, owner, roles, rules }, group) => {
      const called = group?.name ?? String(name);
      await api.call('PUT groups/:name', {
        name: called,
        body: {
          description: String(description ?? ''),
          owner: owner === undefined ? null : String(owner),
          roles: (roles ?? []) as never,
          rules: (rules ?? []) as never,
        },
      });
      await api.call('PUT groups/:name/members', { name: called, body: { members: names(members) } });
    },
  };
};

/** Departments, each below another or at the top. */
export const departmentsKind = (): RecordKind<DepartmentView> => {
  const api = inject(Api);
  return {
    name: 'departments',
    title: 'nav.departments',
    columns: [
      { id: 'path', label: 'access.department', text: ({ path }) => path },
      { id: 'description', label: 'access.description', text: ({ description }) => description },
      { id: 'users', label: 'access.users', text: ({ users }) => users, numeric: true },
      { id: 'id', label: 'access.id', text: ({ id }) => id, optional: true },
    ],
    filters: [TEXT],
    source: wholeList(
      async (signal) => (await api.call('GET departments', { signal })).items,
      ({ path }) => path,
    ),
    key: ({ id }) => id,
    nameOf: ({ path }) => path,
    write: ['write', 'Department'],
    remove: { right: ['delete', 'Department'], run: ({ id }) => api.call('DELETE departments/:id', { id }) },
    fields: (department) => [
      field('name', 'access.name', { required: true, ...(department && { default: department.name }) }),
      field('parentId', 'access.parent', {
        description: 'access.parentHint',
        ...(department?.parentId && { default: department.parentId }),
      }),
      field('description', 'access.description', { type: 'text', ...(department && { default: department.description }) }),
    ],
    save: async ({ name, parentId, description }, department) => {
      const body = {
        name: String(name),
        parentId: parentId === undefined ? null : String(parentId),
        description: String(description ?? ''),
      };
      await (department ? api.call('PUT departments/:id', { id: department.id, body }) : api.call('POST departments', { body }));
    },
  };
};

/** Namespaces with their quotas. */
export const namespacesKind = (): RecordKind<NamespaceView> => {
  const api = inject(Api);
  return {
    name: 'namespaces',
    title: 'nav.namespaces',
    columns: [
      { id: 'name', label: 'access.name', text: ({ name }) => name },
      { id: 'description', label: 'access.description', text: ({ description }) => description },
      { id: 'processes', label: 'nav.processes', text: ({ processes }) => processes, numeric: true },
      { id: 'maxProcesses', label: 'access.maxProcesses', text: ({ maxProcesses }) => maxProcesses, numeric: true },
      { id: 'maxRuns', label: 'access.maxRuns', text: ({ maxUnfinishedRuns }) => maxUnfinishedRuns, numeric: true },
      { id: 'roles', label: 'access.defaultRoles', text: ({ defaultRoles }) => defaultRoles.join(', ') },
    ],
    filters: [TEXT],
    source: wholeList(
      async (signal) => (await api.call('GET namespaces', { signal })).items,
      ({ name, description }) => `${name} ${description}`,
    ),
    key: ({ name }) => name,
    nameOf: ({ name }) => name,
    write: ['write', 'Namespace'],
    remove: { right: ['delete', 'Namespace'], run: ({ name }) => api.call('DELETE namespaces/:name', { name }) },
    fields: (namespace) => [
      ...(namespace ? [] : [field('name', 'access.name', { required: true })]),
      field('description', 'access.description', { type: 'text', ...(namespace && { default: namespace.description }) }),
      field('maxUnfinishedRuns', 'access.maxRuns', {
        type: 'integer',
        description: 'access.quotaHint',
        ...(namespace?.maxUnfinishedRuns != null && { default: namespace.maxUnfinishedRuns }),
      }),
      field('maxProcesses', 'access.maxProcesses', {
        type: 'integer',
        description: 'access.quotaHint',
        ...(namespace?.maxProcesses != null && { default: namespace.maxProcesses }),
      }),
      field('defaultRoles', 'access.defaultRoles', { type: 'list', default: namespace?.defaultRoles ?? [] }),
    ],
    save: async ({ name, ...values }, namespace) => {
      await api.call('PUT namespaces/:name', { name: namespace?.name ?? String(name), body: values as never });
    },
  };
};

/** One's own tokens, for machines. */
export const tokensKind = (): RecordKind<TokenView> => {
  const api = inject(Api);
  const language = inject(Language);
  const time = (iso: string | null) => (iso === null ? null : formatTime(iso, language.current()));
  return {
    name: 'tokens',
    title: 'nav.tokens',
    columns: [
      { id: 'name', label: 'access.name', text: ({ name }) => name },
      { id: 'purpose', label: 'access.purpose', text: ({ purpose }) => purpose },
      { id: 'rules', label: 'access.rules', text: ({ rules }) => rules && rulesText(rules) },
      { id: 'createdAt', label: 'access.createdAt', text: ({ createdAt }) => time(createdAt) },
      { id: 'expiresAt', label: 'access.expiresAt', text: ({ expiresAt }) => time(expiresAt) },
      { id: 'lastUsedAt', label: 'access.lastUsedAt', text: ({ lastUsedAt }) => time(lastUsedAt) },
    ],
    filters: [TEXT],
    source: wholeList(
      (signal) => api.call('GET me/tokens', { signal }),
      ({ name }) => name,
    ),
    key: ({ id }) => id,
    nameOf: ({ name }) => name,
    // One's own: everybody who can see anything may.
    write: ['read', 'Process'],
    remove: { right: ['read', 'Process'], run: ({ id }) => api.call('DELETE me/tokens/:id', { id }) },
    fields: (token) =>
      token
        ? null
        : [
            field('name', 'access.name', { required: true }),
            field('expiresInDays', 'access.expiresInDays', { type: 'integer', default: 90 }),
            field('rules', 'access.rules', { type: 'list', description: 'access.tokenRulesHint' }),
          ],
    save: async (values) => (await api.call('POST me/tokens', { body: values as never })).token,
  };
};
