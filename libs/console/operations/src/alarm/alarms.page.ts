import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { ALARM_KINDS, type AlarmView } from '@orderlines/contracts';
import { Api, Live, Session } from '@orderlines/console/api';
import {
  Dialogs,
  List,
  ListBatch,
  ListCell,
  ListRowActions,
  TimePipe,
  Toasts,
  type Column,
  type Filter,
  type ListSource,
} from '@orderlines/console/ui';
import { RemarkDialog } from './remark-dialog.js';

/** Runs that ended badly, and who has taken note of them. */
@Component({
  selector: 'ol-alarms',
  imports: [List, ListBatch, ListCell, ListRowActions, RouterLink, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  template: `
    <div class="page-head">
      <h1>{{ 'nav.alarms' | transloco }}</h1>
    </div>
    <ol-list
      name="alarms"
      [columns]="columns"
      [filters]="filters"
      [source]="source"
      [key]="key"
      [refreshes]="live.changes()"
      empty="alarms.none"
    >
      <ng-template olCell="process" let-alarm>
        <a [routerLink]="['/runs', alarm.instanceId]"
          ><span class="soft">{{ alarm.namespace }}/</span>{{ alarm.process }} #{{ alarm.number }}</a
        >
      </ng-template>
      <ng-template olCell="kind" let-alarm>
        <span class="tag" [class.failure]="alarm.kind === 'FAILURE'" [class.warn]="alarm.kind !== 'FAILURE'">
          {{ 'alarms.kinds.' + alarm.kind | transloco }}
        </span>
      </ng-template>
      <ng-template olCell="level" let-alarm>{{ 'alarms.levels.' + alarm.level | transloco }}</ng-template>
      <ng-template olCell="at" let-alarm>{{ alarm.at | olTime }}</ng-template>
      <ng-template olCell="state" let-alarm>
        @if (alarm.state === 'open') {
          <span class="tag failure">{{ 'alarms.open' | transloco }}</span>
        } @else {
          <span class="tag success" [title]="alarm.remark">{{ alarm.acknowledgedBy }} · {{ alarm.acknowledgedAt | olTime }}</span>
        }
      </ng-template>
      @if (session.may('operate', 'Instance')) {
        <ng-template olBatch let-alarms>
          <button class="button small" type="button" (click)="acknowledge(alarms)" data-batch="acknowledge">
            {{ 'alarms.acknowledge' | transloco }}
          </button>
        </ng-template>
      }
      <ng-template olRowActions let-alarm>
        @if (alarm.state === 'open' && session.may('operate', 'Instance')) {
          <button class="button small" type="button" (click)="acknowledge([alarm])" data-action="acknowledge">
            {{ 'alarms.acknowledge' | transloco }}
          </button>
        }
      </ng-template>
    </ol-list>
  `,
})
export class AlarmsPage {
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  protected readonly live = inject(Live);
  protected readonly session = inject(Session);

  protected readonly columns: readonly Column<AlarmView>[] = [
    { id: 'process', label: 'runs.process', text: ({ namespace, process, number }) => `${namespace}/${process} #${number}` },
    { id: 'kind', label: 'alarms.kind', text: ({ kind }) => kind },
    { id: 'level', label: 'alarms.level', text: ({ level }) => level },
    { id: 'node', label: 'tasks.path', text: ({ node }) => node },
    { id: 'message', label: 'tasks.error', text: ({ message }) => message },
    { id: 'at', label: 'alarms.at', text: ({ at }) => at },
    { id: 'state', label: 'alarms.state', text: ({ state }) => state },
    { id: 'remark', label: 'alarms.remark', text: ({ remark }) => remark },
    { id: 'startedBy', label: 'runs.startedBy', text: ({ startedBy }) => startedBy, optional: true },
  ];
  protected readonly filters: readonly Filter[] = [
    { id: 'process', label: 'runs.process', kind: 'text' },
    { id: 'kind', label: 'alarms.kind', kind: 'choice', choices: ALARM_KINDS.map((value) => ({ value, label: `alarms.kinds.${value}` })) },
    {
      id: 'state',
      label: 'alarms.state',
      kind: 'choice',
      choices: [
        { value: 'open', label: 'alarms.open' },
        { value: 'acknowledged', label: 'alarms.seen' },
      ],
    },
    { id: 'namespace', label: 'processes.namespace', kind: 'text' },
  ];
  protected readonly source: ListSource<AlarmView> = (query, signal) => this.api.call('GET alarms', { query: query as never, signal });
  protected readonly key = ({ instanceId }: AlarmView) => instanceId;

  protected async acknowledge(alarms: readonly AlarmView[]): Promise<void> {
    const remark = await this.dialogs.open<string, number>(RemarkDialog, alarms.length);
    if (remark === undefined) return;
    try {
      for (const { instanceId: id } of alarms) await this.api.call('POST alarms/:id/acknowledgement', { id, body: { remark } });
      this.toasts.done('alarms.acknowledged', { count: alarms.length });
    } catch (error) {
      this.toasts.problem(error);
    }
    // Bells and rings count only what nobody has seen.
    this.live.noteOwnChange();
  }
}
