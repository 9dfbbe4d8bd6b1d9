import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { TRIGGER_KINDS, type TriggerView } from '@orderlines/contracts';
import { Api, Session } from '@orderlines/console/api';
import { List, ListCell, ListRowActions, TimePipe, type Column, type Filter, type ListSource } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { hearsText } from './trigger-draft.js';
import { TriggerOperations } from './trigger-operations.js';

/** Triggers of all namespaces. */
@Component({
  selector: 'ol-triggers',
  imports: [List, ListCell, ListRowActions, NzIconDirective, RouterLink, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './triggers.page.html',
})
export class TriggersPage {
  private readonly api = inject(Api);
  private readonly router = inject(Router);
  protected readonly operations = inject(TriggerOperations);
  protected readonly session = inject(Session);
  protected readonly changed = signal(0);
  protected readonly hearsText = hearsText;

  protected readonly columns: readonly Column<TriggerView>[] = [
    { id: 'name', label: 'schedules.name', text: ({ namespace, name }) => `${namespace}/${name}` },
    { id: 'process', label: 'runs.process', text: ({ process }) => process },
    { id: 'kind', label: 'triggers.kind', text: ({ kind }) => kind },
    { id: 'hears', label: 'triggers.hears', text: hearsText },
    { id: 'filter', label: 'triggers.filter', text: ({ filter }) => filter },
    { id: 'state', label: 'schedules.state', text: ({ enabled }) => (enabled ? 'enabled' : 'disabled') },
    { id: 'note', label: 'schedules.note', text: ({ note }) => note },
    { id: 'maxPerMinute', label: 'triggers.maxPerMinute', text: ({ maxPerMinute }) => maxPerMinute, numeric: true, optional: true },
    { id: 'description', label: 'processes.description', text: ({ description }) => description, optional: true },
    { id: 'updatedBy', label: 'processes.updatedBy', text: ({ updatedBy }) => updatedBy, optional: true },
    { id: 'updatedAt', label: 'processes.updatedAt', text: ({ updatedAt }) => updatedAt, optional: true },
  ];
  protected readonly filters: readonly Filter[] = [
    { id: 'name', label: 'schedules.name', kind: 'text' },
    { id: 'namespace', label: 'processes.namespace', kind: 'text' },
    { id: 'process', label: 'runs.process', kind: 'text' },
    {
      id: 'kind',
      label: 'triggers.kind',
      kind: 'choice',
      choices: TRIGGER_KINDS.map((value) => ({ value, label: `triggers.kinds.${value}` })),
    },
    {
      id: 'enabled',
      label: 'schedules.state',
      kind: 'choice',
      choices: ['true', 'false'].map((value) => ({ value, label: `triggers.states.${value}` })),
    },
  ];
  protected readonly source: ListSource<TriggerView> = (query, signal) => this.api.call('GET triggers', { query: query as never, signal });
  protected readonly key = ({ id }: TriggerView) => id;

  protected async create(): Promise<void> {
    const trigger = await this.operations.write({});
    if (trigger) await this.router.navigate(['/triggers', trigger.id]);
  }

  protected async after(operation: Promise<boolean>): Promise<void> {
    if (await operation) this.changed.update((count) => count + 1);
  }
}
