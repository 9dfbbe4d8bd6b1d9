import type { Routes } from '@angular/router';
import { departmentsKind, groupsKind, namespacesKind, rolesKind, tokensKind, usersKind } from './access/access-kinds.js';
import { calendarsKind } from './system/calendar-kind.js';
import { secretsKind, variablesKind } from './system/namespace-kinds.js';
import { apiLogKind, auditKind, parametersKind } from './system/system-kinds.js';

const records = () => import('./record/records.page.js').then((file) => file.RecordsPage);

/** Pages of those who look after the system. */
export const routes: Routes = [
  { path: 'variables', data: { title: 'nav.variables', kind: variablesKind }, loadComponent: records },
  { path: 'secrets', data: { title: 'nav.secrets', kind: secretsKind }, loadComponent: records },
  { path: 'calendars', data: { title: 'nav.calendars', kind: calendarsKind }, loadComponent: records },
  {
    path: 'plugins',
    data: { title: 'nav.plugins' },
    loadComponent: () => import('./plugin/plugins.page.js').then((file) => file.PluginsPage),
  },
  { path: 'users', data: { title: 'nav.users', kind: usersKind }, loadComponent: records },
  {
    path: 'users/:id',
    data: { title: 'nav.user' },
    loadComponent: () => import('./access/user.page.js').then((file) => file.UserPage),
  },
  { path: 'roles', data: { title: 'nav.roles', kind: rolesKind }, loadComponent: records },
  { path: 'groups', data: { title: 'nav.groups', kind: groupsKind }, loadComponent: records },
  { path: 'departments', data: { title: 'nav.departments', kind: departmentsKind }, loadComponent: records },
  { path: 'namespaces', data: { title: 'nav.namespaces', kind: namespacesKind }, loadComponent: records },
  {
    path: 'permissions',
    data: { title: 'nav.permissions' },
    loadComponent: () => import('./access/permissions.page.js').then((file) => file.PermissionsPage),
  },
  { path: 'tokens', data: { title: 'nav.tokens', kind: tokensKind }, loadComponent: records },
  { path: 'parameters', data: { title: 'nav.parameters', kind: parametersKind }, loadComponent: records },
  {
    path: 'workers',
    data: { title: 'nav.workers' },
    loadComponent: () => import('./system/workers.page.js').then((file) => file.WorkersPage),
  },
  {
    path: 'services',
    data: { title: 'nav.services' },
    loadComponent: () => import('./system/services.page.js').then((file) => file.ServicesPage),
  },
  { path: 'audit', data: { title: 'nav.audit', kind: auditKind }, loadComponent: records },
  { path: 'api-log', data: { title: 'nav.apiLog', kind: apiLogKind }, loadComponent: records },
];
