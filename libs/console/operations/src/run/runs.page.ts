import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { ORIGINS, PROCESS_STATUSES, type BatchItem, type BatchOperation, type InstanceSummary } from '@orderlines/contracts';
import { Api, ApiProblem, Live, Session } from '@orderlines/console/api';
import {
  Dialogs,
  DurationPipe,
  List,
  ListBatch,
  ListCell,
  StatusBadge,
  TimePipe,
  Toasts,
  type Column,
  type Filter,
  type ListSource,
} from '@orderlines/console/ui';

/** What can be done to several runs at once; destructive ones are named so. */
const BATCH_OPERATIONS = [
  { name: 'retry', dangerous: false },
  { name: 'stop', dangerous: true },
] as const;
type BatchChoice = (typeof BATCH_OPERATIONS)[number];

/** Runs of all processes. */
@Component({
  selector: 'ol-runs',
  imports: [DurationPipe, List, ListBatch, ListCell, RouterLink, StatusBadge, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './runs.page.html',
})
export class RunsPage {
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly live = inject(Live);
  protected readonly session = inject(Session);
  protected readonly batchOperations = BATCH_OPERATIONS;
  protected readonly changed = signal(0);

  protected readonly columns: readonly Column<InstanceSummary>[] = [
    { id: 'number', label: 'runs.number', text: ({ number }) => number, numeric: true },
    { id: 'process', label: 'runs.process', text: ({ namespace, process }) => `${namespace}/${process}` },
    { id: 'status', label: 'runs.status', text: ({ status }) => status },
    { id: 'origin', label: 'runs.origin', text: ({ origin }) => origin },
    { id: 'startedBy', label: 'runs.startedBy', text: ({ startedBy }) => startedBy },
    { id: 'startedAt', label: 'runs.startedAt', text: ({ startedAt }) => startedAt, sort: 'created' },
    { id: 'finishedAt', label: 'runs.finishedAt', text: ({ finishedAt }) => finishedAt, sort: 'finished' },
    {
      id: 'took',
      label: 'runs.took',
      text: ({ startedAt, finishedAt }) => (startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null),
      numeric: true,
    },
    { id: 'version', label: 'runs.version', text: ({ version }) => version, numeric: true, optional: true },
    { id: 'id', label: 'runs.id', text: ({ id }) => id, optional: true },
  ];
  protected readonly filters: readonly Filter[] = [
    { id: 'process', label: 'runs.processWanted', kind: 'text' },
    { id: 'namespace', label: 'processes.namespace', kind: 'text' },
    { id: 'status', label: 'runs.status', kind: 'choice', choices: PROCESS_STATUSES.map((value) => ({ value, label: `status.${value}` })) },
    { id: 'origin', label: 'runs.origin', kind: 'choice', choices: ORIGINS.map((value) => ({ value, label: `runs.origins.${value}` })) },
    { id: 'waiting', label: 'runs.waiting', kind: 'choice', choices: [{ value: 'true', label: 'runs.waitingYes' }] },
    { id: 'startedBy', label: 'runs.startedBy', kind: 'text' },
    { id: 'label', label: 'runs.label', kind: 'text' },
    { id: 'since', label: 'runs.since', kind: 'time' },
    { id: 'until', label: 'runs.until', kind: 'time' },
  ];
  protected readonly source: ListSource<InstanceSummary> = (query, signal) =>
    this.api.call('GET instances', { query: query as never, signal });
  protected readonly key = ({ id }: InstanceSummary) => id;

  /** Asks, does it to every run that is chosen, and tells how many of them took it and why others did not. */
  protected async operate({ name, dangerous }: BatchChoice, runs: readonly InstanceSummary[]): Promise<void> {
    const values = { count: runs.length };
    const question = {
      title: this.transloco.translate<string>(`runs.batch.${name}Title`, values),
      consequence: this.transloco.translate<string>(`runs.batch.${name}Consequence`, values),
      deed: this.transloco.translate<string>(`runs.batch.${name}`),
      dangerous,
    };
    if (!(await this.dialogs.confirm(question))) return;
    const operation: BatchOperation = name === 'stop' ? { name, force: false } : { name };
    try {
      const { items } = await this.api.call('POST instances/batch', { body: { operation, filter: { ids: runs.map(({ id }) => id) } } });
      const done = items.filter(({ outcome }) => outcome === 'done').length;
      this.toasts.done('runs.batch.done', { done, count: items.length });
      const refused = items.find(({ outcome }) => outcome !== 'done');
      if (refused) this.toasts.problem(refusalOf(refused));
    } catch (error) {
      this.toasts.problem(error);
    }
    this.changed.update((count) => count + 1);
  }
}

/** Why a run of a batch was left alone, as the server would say it of a single one. */
const refusalOf = ({ number, outcome, detail }: BatchItem): ApiProblem =>
  new ApiProblem({
    type: 'about:blank',
    title: outcome,
    status: 409,
    code: 'operation.refused',
    detail: `#${number}: ${detail ?? outcome}`,
  });
