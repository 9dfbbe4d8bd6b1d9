/** A page of the menu. */
export interface MenuPage {
  readonly path: string;
  /** Key of its name. */
  readonly label: string;
  readonly icon: string;
  /** What a person must be allowed to see it; absent: everybody. */
  readonly needs?: readonly [action: string, subject: string];
}

/** A part of the menu. */
export interface MenuGroup {
  readonly label: string;
  readonly pages: readonly MenuPage[];
}

/** The menu, in the order of a day's work. */
export const MENU: readonly MenuGroup[] = [
  {
    label: 'nav.overview',
    pages: [
      { path: '/home', label: 'nav.home', icon: 'home' },
      { path: '/screen', label: 'nav.screen', icon: 'dashboard', needs: ['read', 'Instance'] },
      { path: '/alarms', label: 'nav.alarms', icon: 'warning', needs: ['read', 'Instance'] },
    ],
  },
  {
    label: 'nav.operations',
    pages: [
      { path: '/processes', label: 'nav.processes', icon: 'apartment', needs: ['read', 'Process'] },
      { path: '/runs', label: 'nav.runs', icon: 'play-circle', needs: ['read', 'Instance'] },
      { path: '/tasks', label: 'nav.tasks', icon: 'unordered-list', needs: ['read', 'Instance'] },
      { path: '/schedules', label: 'nav.schedules', icon: 'calendar', needs: ['read', 'Schedule'] },
      { path: '/calendars', label: 'nav.calendars', icon: 'clock-circle', needs: ['read', 'Schedule'] },
      { path: '/triggers', label: 'nav.triggers', icon: 'api', needs: ['read', 'Trigger'] },
      { path: '/approvals', label: 'nav.approvals', icon: 'audit', needs: ['read', 'Approval'] },
      { path: '/variables', label: 'nav.variables', icon: 'table', needs: ['read', 'Variable'] },
      { path: '/secrets', label: 'nav.secrets', icon: 'lock', needs: ['read', 'Secret'] },
    ],
  },
  {
    label: 'nav.access',
    pages: [
      { path: '/users', label: 'nav.users', icon: 'user', needs: ['read', 'User'] },
      { path: '/roles', label: 'nav.roles', icon: 'safety', needs: ['read', 'Role'] },
      { path: '/groups', label: 'nav.groups', icon: 'team', needs: ['read', 'Group'] },
      { path: '/departments', label: 'nav.departments', icon: 'cluster', needs: ['read', 'Department'] },
      { path: '/permissions', label: 'nav.permissions', icon: 'question-circle', needs: ['read', 'Permission'] },
      { path: '/tokens', label: 'nav.tokens', icon: 'key', needs: ['read', 'Process'] },
    ],
  },
  {
    label: 'nav.system',
    pages: [
      { path: '/plugins', label: 'nav.plugins', icon: 'appstore', needs: ['read', 'Worker'] },
      { path: '/namespaces', label: 'nav.namespaces', icon: 'global', needs: ['read', 'Namespace'] },
      { path: '/parameters', label: 'nav.parameters', icon: 'control', needs: ['read', 'Parameter'] },
      { path: '/workers', label: 'nav.workers', icon: 'desktop', needs: ['read', 'Worker'] },
      { path: '/services', label: 'nav.services', icon: 'api', needs: ['read', 'Worker'] },
      { path: '/audit', label: 'nav.audit', icon: 'file-text', needs: ['read', 'AuditRecord'] },
      { path: '/api-log', label: 'nav.apiLog', icon: 'profile', needs: ['read', 'ApiLog'] },
      { path: '/help', label: 'nav.help', icon: 'question-circle' },
      { path: '/about', label: 'nav.about', icon: 'info-circle' },
    ],
  },
];
