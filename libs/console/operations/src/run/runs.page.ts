import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { PROCESS_STATUSES, type InstanceSummary } from '@orderlines/contracts';
import { Api, Live } from '@orderlines/console/api';
import { DurationPipe, List, ListCell, StatusBadge, TimePipe, type Column, type Filter, type ListSource } from '@orderlines/console/ui';

/** Runs of all processes. */
@Component({
  selector: 'ol-runs',
  imports: [DurationPipe, List, ListCell, RouterLink, StatusBadge, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './runs.page.html',
})
export class RunsPage {
  private readonly api = inject(Api);
  protected readonly live = inject(Live);

  protected readonly columns: readonly Column<InstanceSummary>[] = [
    { id: 'number', label: 'runs.number', text: ({ number }) => number, numeric: true },
    { id: 'process', label: 'runs.process', text: ({ namespace, process }) => `${namespace}/${process}` },
    { id: 'status', label: 'runs.status', text: ({ status }) => status },
    { id: 'origin', label: 'runs.origin', text: ({ origin }) => origin },
    { id: 'startedBy', label: 'runs.startedBy', text: ({ startedBy }) => startedBy },
    { id: 'startedAt', label: 'runs.startedAt', text: ({ startedAt }) => startedAt },
    {
      id: 'took',
      label: 'runs.took',
      text: ({ startedAt, finishedAt }) => (startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null),
      numeric: true,
    },
    { id: 'version', label: 'runs.version', text: ({ version }) => version, numeric: true, optional: true },
    { id: 'finishedAt', label: 'runs.finishedAt', text: ({ finishedAt }) => finishedAt, optional: true },
    { id: 'id', label: 'runs.id', text: ({ id }) => id, optional: true },
  ];
  protected readonly filters: readonly Filter[] = [
    { id: 'process', label: 'runs.process', kind: 'text' },
    { id: 'status', label: 'runs.status', kind: 'choice', choices: PROCESS_STATUSES.map((value) => ({ value, label: `status.${value}` })) },
  ];
  protected readonly source: ListSource<InstanceSummary> = (query, signal) =>
    this.api.call('GET instances', { query: query as never, signal });
  protected readonly key = ({ id }: InstanceSummary) => id;
}
