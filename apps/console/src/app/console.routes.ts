import type { Routes } from '@angular/router';
import { isLoggedIn } from './login/is-logged-in.js';

/** Pages; those of a feature are loaded with it. `data.title` is the key of a page's name. */
export const routes: Routes = [
  { path: 'login', loadComponent: () => import('./login/login.page.js').then((file) => file.LoginPage) },
  { path: 'register', loadComponent: () => import('./login/register.page.js').then((file) => file.RegisterPage) },
  {
    path: '',
    canActivate: [isLoggedIn],
    loadComponent: () => import('./shell/shell.js').then((file) => file.Shell),
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'home' },
      {
        path: 'profile',
        data: { title: 'nav.profile' },
        loadComponent: () => import('./account/profile.page.js').then((file) => file.ProfilePage),
      },
      {
        path: 'about',
        data: { title: 'nav.about' },
        loadComponent: () => import('./about/about.page.js').then((file) => file.AboutPage),
      },
      { path: 'help', pathMatch: 'full', redirectTo: 'help/definition' },
      {
        path: 'help/:name',
        data: { title: 'nav.help' },
        loadComponent: () => import('./help/help.page.js').then((file) => file.HelpPage),
      },
      { path: '', loadChildren: () => import('@orderlines/console/designer').then((library) => library.routes) },
      { path: '', loadChildren: () => import('@orderlines/console/operations').then((library) => library.routes) },
      { path: '', loadChildren: () => import('@orderlines/console/administration').then((library) => library.routes) },
      {
        path: '**',
        data: { title: 'nav.notFound' },
        loadComponent: () => import('./shell/not-found.page.js').then((file) => file.NotFoundPage),
      },
    ],
  },
];
