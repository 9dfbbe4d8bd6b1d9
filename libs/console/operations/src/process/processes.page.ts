import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ProcessSummary } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { List, ListCell, TimePipe, type Column, type Filter, type ListSource } from '@orderlines/console/ui';

/** Processes of all namespaces. */
@Component({
  selector: 'ol-processes',
  imports: [List, ListCell, RouterLink, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './processes.page.html',
})
export class ProcessesPage {
  private readonly api = inject(Api);

  protected readonly columns: readonly Column<ProcessSummary>[] = [
    { id: 'name', label: 'processes.name', text: ({ name }) => name },
    { id: 'namespace', label: 'processes.namespace', text: ({ namespace }) => namespace },
    { id: 'version', label: 'processes.version', text: ({ latestVersion }) => latestVersion, numeric: true },
    { id: 'description', label: 'processes.description', text: ({ description }) => description },
    { id: 'updatedBy', label: 'processes.updatedBy', text: ({ updatedBy }) => updatedBy },
    { id: 'updatedAt', label: 'processes.updatedAt', text: ({ updatedAt }) => updatedAt },
  ];
  protected readonly filters: readonly Filter[] = [
    { id: 'name', label: 'processes.name', kind: 'text' },
    { id: 'namespace', label: 'processes.namespace', kind: 'text' },
  ];
  protected readonly source: ListSource<ProcessSummary> = (query, signal) => this.api.call('GET processes', { query, signal });
  protected readonly key = ({ id }: ProcessSummary) => id;
}
