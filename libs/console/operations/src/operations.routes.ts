import type { Routes } from '@angular/router';

/** Pages of what is run. */
export const routes: Routes = [
  { path: 'home', data: { title: 'nav.home' }, loadComponent: () => import('./home/home.page.js').then((file) => file.HomePage) },
  { path: 'screen', data: { title: 'nav.screen' }, loadComponent: () => import('./screen/screen.page.js').then((file) => file.ScreenPage) },
  { path: 'alarms', data: { title: 'nav.alarms' }, loadComponent: () => import('./alarm/alarms.page.js').then((file) => file.AlarmsPage) },
  {
    path: 'processes',
    data: { title: 'nav.processes' },
    loadComponent: () => import('./process/processes.page.js').then((file) => file.ProcessesPage),
  },
  {
    path: 'processes/:id',
    data: { title: 'nav.process' },
    loadComponent: () => import('./process/process.page.js').then((file) => file.ProcessPage),
  },
  {
    path: 'processes/:id/grid',
    data: { title: 'nav.grid' },
    loadComponent: () => import('./run/run-grid.page.js').then((file) => file.RunGridPage),
  },
  { path: 'runs', data: { title: 'nav.runs' }, loadComponent: () => import('./run/runs.page.js').then((file) => file.RunsPage) },
  {
    path: 'runs/:id',
    data: { title: 'nav.run' },
    loadComponent: () => import('./run-view/run-view.page.js').then((file) => file.RunViewPage),
  },
  { path: 'tasks', data: { title: 'nav.tasks' }, loadComponent: () => import('./task/tasks.page.js').then((file) => file.TasksPage) },
  {
    path: 'schedules',
    data: { title: 'nav.schedules' },
    loadComponent: () => import('./schedule/schedules.page.js').then((file) => file.SchedulesPage),
  },
  {
    path: 'schedules/:id',
    data: { title: 'nav.schedule' },
    loadComponent: () => import('./schedule/schedule.page.js').then((file) => file.SchedulePage),
  },
  {
    path: 'triggers',
    data: { title: 'nav.triggers' },
    loadComponent: () => import('./trigger/triggers.page.js').then((file) => file.TriggersPage),
  },
  {
    path: 'triggers/:id',
    data: { title: 'nav.trigger' },
    loadComponent: () => import('./trigger/trigger.page.js').then((file) => file.TriggerPage),
  },
  {
    path: 'approvals',
    data: { title: 'nav.approvals' },
    loadComponent: () => import('./approval/approvals.page.js').then((file) => file.ApprovalsPage),
  },
];
