import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ServiceView } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { List, ListCell, TimePipe, wholeList, type Column, type Filter } from '@orderlines/console/ui';

/** The services of the platform: what runs where, in which version, and what fell silent. */
@Component({
  selector: 'ol-services',
  imports: [List, ListCell, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  template: `
    <div class="page-head">
      <h1>{{ 'nav.services' | transloco }}</h1>
    </div>
    <ol-list name="services" [columns]="columns" [filters]="filters" [source]="source" [key]="key" empty="services.none">
      <ng-template olCell="state" let-service>
        <span class="tag" [class.success]="service.alive" [class.danger]="!service.alive">
          {{ (service.alive ? 'services.alive' : 'services.silent') | transloco }}
        </span>
      </ng-template>
      <ng-template olCell="startedAt" let-service>{{ service.startedAt | olTime }}</ng-template>
      <ng-template olCell="seenAt" let-service>{{ service.seenAt | olTime }}</ng-template>
    </ol-list>
  `,
})
export class ServicesPage {
  private readonly api = inject(Api);

  protected readonly columns: readonly Column<ServiceView>[] = [
    { id: 'role', label: 'services.role', text: ({ role }) => role },
    { id: 'state', label: 'services.state', text: ({ alive }) => (alive ? 'alive' : 'silent') },
    { id: 'host', label: 'services.host', text: ({ host }) => host },
    { id: 'address', label: 'services.address', text: ({ address }) => address ?? '–' },
    { id: 'version', label: 'services.version', text: ({ version }) => version },
    { id: 'startedAt', label: 'services.startedAt', text: ({ startedAt }) => startedAt },
    { id: 'seenAt', label: 'services.seenAt', text: ({ seenAt }) => seenAt },
    { id: 'id', label: 'services.id', text: ({ id }) => id, optional: true },
  ];
  protected readonly filters: readonly Filter[] = [{ id: 'text', label: 'services.role', kind: 'text' }];
  protected readonly source = wholeList(
    async (signal) => (await this.api.call('GET services', { signal })).items,
    ({ role, host, address }) => `${role} ${host} ${address ?? ''}`,
  );
  protected readonly key = ({ id }: ServiceView) => id;
}
