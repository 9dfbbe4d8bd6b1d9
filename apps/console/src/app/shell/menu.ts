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
      { path: '/approvals', label: 'nav.approvals', icon: 'audit', needs: ['read', 'Approval'] },
    ],
  },
  {
    label: 'nav.system',
    pages: [{ path: '/workers', label: 'nav.workers', icon: 'cluster', needs: ['read', 'Worker'] }],
  },
];
