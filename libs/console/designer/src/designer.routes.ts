import type { Routes } from '@angular/router';

const designer = () => import('./page/designer.page.js').then((file) => file.DesignerPage);

/** The flow editor, of a process or of one that is not there yet. */
export const routes: Routes = [
  { path: 'processes/new/designer', data: { title: 'designer.title' }, loadComponent: designer },
  { path: 'processes/:id/designer', data: { title: 'designer.title' }, loadComponent: designer },
];
