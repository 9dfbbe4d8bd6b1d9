import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { SCHEDULE_STATES, type ScheduleView } from '@orderlines/contracts';
import { Api, Live, Session } from '@orderlines/console/api';
import { List, ListCell, ListRowActions, TimePipe, type Column, type Filter, type ListSource } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { planText } from './schedule-draft.js';
import { ScheduleOperations } from './schedule-operations.js';

/** Schedules of all namespaces. */
@Component({
  selector: 'ol-schedules',
  imports: [List, ListCell, ListRowActions, NzIconDirective, RouterLink, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './schedules.page.html',
})
export class SchedulesPage {
  private readonly api = inject(Api);
  private readonly router = inject(Router);
  protected readonly operations = inject(ScheduleOperations);
  protected readonly live = inject(Live);
  protected readonly session = inject(Session);
  protected readonly changed = signal(0);
  protected readonly planText = planText;

  protected readonly columns: readonly Column<ScheduleView>[] = [
    { id: 'name', label: 'schedules.name', text: ({ namespace, name }) => `${namespace}/${name}` },
    { id: 'process', label: 'runs.process', text: ({ process }) => process },
    { id: 'plan', label: 'schedules.when', text: ({ plan }) => planText(plan) },
    { id: 'zone', label: 'schedules.zone', text: ({ plan }) => plan.zone },
    { id: 'state', label: 'schedules.state', text: ({ state }) => state },
    { id: 'nextDueAt', label: 'schedules.next', text: ({ nextDueAt }) => nextDueAt },
    { id: 'note', label: 'schedules.note', text: ({ note }) => note },
    { id: 'overlap', label: 'schedules.overlap', text: ({ overlap }) => overlap, optional: true },
    { id: 'description', label: 'processes.description', text: ({ description }) => description, optional: true },
    { id: 'updatedBy', label: 'processes.updatedBy', text: ({ updatedBy }) => updatedBy, optional: true },
    { id: 'updatedAt', label: 'processes.updatedAt', text: ({ updatedAt }) => updatedAt, optional: true },
  ];
  protected readonly filters: readonly Filter[] = [
    { id: 'name', label: 'schedules.name', kind: 'text' },
    { id: 'namespace', label: 'processes.namespace', kind: 'text' },
    { id: 'process', label: 'runs.process', kind: 'text' },
    {
      id: 'state',
      label: 'schedules.state',
      kind: 'choice',
      choices: SCHEDULE_STATES.map((value) => ({ value, label: `schedules.states.${value}` })),
    },
  ];
  protected readonly source: ListSource<ScheduleView> = (query, signal) =>
    this.api.call('GET schedules', { query: query as never, signal });
  protected readonly key = ({ id }: ScheduleView) => id;

  protected async create(): Promise<void> {
    const schedule = await this.operations.write({});
    if (schedule) await this.router.navigate(['/schedules', schedule.id]);
  }

  protected async after(operation: Promise<boolean>): Promise<void> {
    if (await operation) this.changed.update((count) => count + 1);
  }
}
