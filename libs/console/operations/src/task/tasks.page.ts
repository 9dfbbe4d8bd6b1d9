import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { TASK_STATUSES, type TaskSummary } from '@orderlines/contracts';
import { Api, Live } from '@orderlines/console/api';
import { DurationPipe, List, ListCell, StatusBadge, TimePipe, type Column, type Filter, type ListSource } from '@orderlines/console/ui';

/** Executions of nodes, across runs. */
@Component({
  selector: 'ol-task-instances',
  imports: [DurationPipe, List, ListCell, RouterLink, StatusBadge, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  template: `
    <div class="page-head">
      <h1>{{ 'nav.tasks' | transloco }}</h1>
    </div>
    <ol-list
      name="task-instances"
      [columns]="columns"
      [filters]="filters"
      [source]="source"
      [key]="key"
      [refreshes]="live.changes()"
      empty="tasks.none"
    >
      <ng-template olCell="path" let-task>
        <a [routerLink]="['/runs', task.instanceId]">{{ task.path }}</a>
      </ng-template>
      <ng-template olCell="status" let-task><ol-status [status]="task.status" /></ng-template>
      <ng-template olCell="startedAt" let-task>{{ task.startedAt | olTime }}</ng-template>
      <ng-template olCell="took" let-task>{{ task.startedAt | olDuration: task.finishedAt }}</ng-template>
    </ol-list>
  `,
})
export class TasksPage {
  private readonly api = inject(Api);
  protected readonly live = inject(Live);

  protected readonly columns: readonly Column<TaskSummary>[] = [
    { id: 'path', label: 'tasks.path', text: ({ path }) => path },
    { id: 'uses', label: 'tasks.type', text: ({ uses, type }) => uses ?? type },
    { id: 'status', label: 'runs.status', text: ({ status }) => status },
    { id: 'attempt', label: 'tasks.attempt', text: ({ attempt }) => attempt, numeric: true },
    { id: 'worker', label: 'tasks.worker', text: ({ worker }) => worker },
    { id: 'startedAt', label: 'runs.startedAt', text: ({ startedAt }) => startedAt },
    {
      id: 'took',
      label: 'runs.took',
      text: ({ startedAt, finishedAt }) => (startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null),
      numeric: true,
    },
    { id: 'error', label: 'tasks.error', text: ({ error }) => error?.message },
    { id: 'queue', label: 'tasks.queue', text: ({ queue }) => queue, optional: true },
  ];
  protected readonly filters: readonly Filter[] = [
    { id: 'status', label: 'runs.status', kind: 'choice', choices: TASK_STATUSES.map((value) => ({ value, label: `status.${value}` })) },
    { id: 'uses', label: 'tasks.type', kind: 'text' },
    { id: 'process', label: 'runs.processWanted', kind: 'text' },
    { id: 'instance', label: 'tasks.instance', kind: 'text' },
  ];
  protected readonly source: ListSource<TaskSummary> = (query, signal) => this.api.call('GET tasks', { query: query as never, signal });
  protected readonly key = ({ id }: TaskSummary) => id;
}
