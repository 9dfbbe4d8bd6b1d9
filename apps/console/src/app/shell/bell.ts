import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, computed, effect, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api, Live } from '@orderlines/console/api';
import { reading, TimePipe } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';

const SHOWN = 6;

/** What wants my attention: open alarms, and approvals that wait for me. */
@Component({
  selector: 'ol-bell',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, NzIconDirective, RouterLink, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      class="button quiet icon"
      type="button"
      [cdkMenuTriggerFor]="menu"
      [attr.aria-label]="'shell.bell' | transloco: { count: count() }"
      [title]="'shell.bell' | transloco: { count: count() }"
      data-test="bell"
    >
      <nz-icon nzType="bell" aria-hidden="true" />
      @if (count() > 0) {
        <span class="dot" aria-hidden="true">{{ count() > 9 ? '9+' : count() }}</span>
      }
    </button>
    <ng-template #menu>
      <div class="menu wide" cdkMenu>
        <b class="title">{{ 'shell.bellApprovals' | transloco }}</b>
        @for (asked of approvals.value()?.items ?? []; track asked.taskId) {
          <a cdkMenuItem [routerLink]="['/runs', asked.instanceId]">
            <nz-icon nzType="audit" aria-hidden="true" /><span class="cut"
              >{{ asked.title }} · {{ asked.process }} #{{ asked.number }}</span
            >
          </a>
        } @empty {
          <span class="none">{{ 'shell.bellNothing' | transloco }}</span>
        }
        <hr />
        <b class="title">{{ 'shell.bellAlarms' | transloco }}</b>
        @for (alarm of alarms.value()?.items ?? []; track alarm.instanceId) {
          <a cdkMenuItem [routerLink]="['/runs', alarm.instanceId]">
            <nz-icon nzType="warning" aria-hidden="true" />
            <span class="cut">{{ alarm.process }} #{{ alarm.number }} · {{ alarm.at | olTime }}</span>
          </a>
        } @empty {
          <span class="none">{{ 'shell.bellNothing' | transloco }}</span>
        }
        <hr />
        <a cdkMenuItem routerLink="/alarms" [queryParams]="{ state: 'open' }">{{ 'shell.bellAll' | transloco }}</a>
      </div>
    </ng-template>
  `,
  styles: `
    .button {
      position: relative;
    }
    .dot {
      position: absolute;
      top: 1px;
      right: 0;
      min-width: 16px;
      padding: 0 4px;
      border-radius: 8px;
      background: var(--danger);
      color: var(--surface);
      font-size: 10px;
      font-weight: 600;
      line-height: 16px;
    }
    .wide {
      width: 340px;
    }
    .title {
      padding: 6px 10px 2px;
      font-size: 12px;
    }
    .none {
      padding: 4px 10px 8px;
      color: var(--text-soft);
    }
  `,
})
export class Bell {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  protected readonly approvals = reading({
    loader: ({ abortSignal: signal }) => this.api.call('GET approvals', { query: { mine: 'true', limit: SHOWN }, signal }),
  });
  protected readonly alarms = reading({
    loader: ({ abortSignal: signal }) => this.api.call('GET alarms', { query: { state: 'open', limit: SHOWN }, signal }),
  });
  protected readonly count = computed(() =>
    [this.approvals.value(), this.alarms.value()].reduce(
      (sum, page) => sum + (page ? page.items.length + (page.nextCursor === null ? 0 : SHOWN) : 0),
      0,
    ),
  );

  constructor() {
    effect(() => {
      if (this.live.changes() === 0) return;
      this.approvals.reload();
      this.alarms.reload();
    });
  }
}
