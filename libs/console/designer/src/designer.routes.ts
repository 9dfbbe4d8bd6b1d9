import type { Routes } from '@angular/router';

/** The flow editor, of a process or, as `new`, of one that is not there yet: one route, so that the first save does not begin it anew. */
export const routes: Routes = [
  {
    path: 'processes/:id/designer',
    data: { title: 'designer.title' },
    loadComponent: () => import('./page/designer.page.js').then((file) => file.DesignerPage),
  },
];
