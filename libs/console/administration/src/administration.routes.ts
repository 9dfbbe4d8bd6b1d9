import type { Routes } from '@angular/router';

/** Pages of those who look after the system. */
export const routes: Routes = [
  {
    path: 'workers',
    data: { title: 'nav.workers' },
    loadComponent: () => import('./system/workers.page.js').then((file) => file.WorkersPage),
  },
];
