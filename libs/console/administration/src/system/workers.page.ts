import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { WorkerView } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { List, ListCell, TimePipe, wholeList, type Column, type Filter } from '@orderlines/console/ui';

/** Workers that are up, with what they can take. */
@Component({
  selector: 'ol-workers',
  imports: [List, ListCell, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  template: `
    <div class="page-head">
      <h1>{{ 'nav.workers' | transloco }}</h1>
    </div>
    <ol-list name="workers" [columns]="columns" [filters]="filters" [source]="source" [key]="key" empty="workers.none">
      <ng-template olCell="state" let-worker>
        <span class="tag" [class.success]="!worker.draining" [class.warn]="worker.draining">
          {{ (worker.draining ? 'workers.draining' : 'workers.alive') | transloco }}
        </span>
      </ng-template>
      <ng-template olCell="slots" let-worker>
        <meter [value]="worker.busy" [max]="worker.slots" [attr.aria-label]="'workers.slots' | transloco"></meter> {{ worker.busy }} /
        {{ worker.slots }}
      </ng-template>
      <ng-template olCell="startedAt" let-worker>{{ worker.startedAt | olTime }}</ng-template>
      <ng-template olCell="seenAt" let-worker>{{ worker.seenAt | olTime }}</ng-template>
    </ol-list>
  `,
})
export class WorkersPage {
  private readonly api = inject(Api);

  protected readonly columns: readonly Column<WorkerView>[] = [
    { id: 'name', label: 'workers.name', text: ({ name }) => name },
    { id: 'state', label: 'workers.state', text: ({ draining }) => (draining ? 'draining' : 'alive') },
    { id: 'queues', label: 'workers.queues', text: ({ queues }) => queues.join(', ') },
    { id: 'slots', label: 'workers.slots', text: ({ busy, slots }) => `${busy} / ${slots}` },
    { id: 'version', label: 'workers.version', text: ({ version }) => version },
    { id: 'startedAt', label: 'workers.startedAt', text: ({ startedAt }) => startedAt },
    { id: 'seenAt', label: 'workers.seenAt', text: ({ seenAt }) => seenAt },
    { id: 'taskTypes', label: 'workers.taskTypes', text: ({ taskTypes }) => taskTypes.join(', '), optional: true },
  ];
  protected readonly filters: readonly Filter[] = [{ id: 'text', label: 'workers.name', kind: 'text' }];
  protected readonly source = wholeList(
    async (signal) => (await this.api.call('GET workers', { signal })).items,
    ({ name, queues }) => `${name} ${queues.join(' ')}`,
  );
  protected readonly key = ({ session }: WorkerView) => session;
}
