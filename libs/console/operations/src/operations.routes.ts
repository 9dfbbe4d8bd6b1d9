import type { Routes } from '@angular/router';

/** Pages of what is run. */
export const routes: Routes = [
  { path: 'runs', data: { title: 'nav.runs' }, loadComponent: () => import('./run/runs.page.js').then((file) => file.RunsPage) },
  {
    path: 'processes',
    data: { title: 'nav.processes' },
    loadComponent: () => import('./process/processes.page.js').then((file) => file.ProcessesPage),
  },
];
