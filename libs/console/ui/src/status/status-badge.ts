import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { lookOf } from './status.js';

/** A status as colour, icon and word. */
@Component({
  selector: 'ol-status',
  imports: [NzIconDirective, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[style.color]': 'colour()', '[style.background]': 'background()', '[attr.data-status]': 'status()' },
  template: `<nz-icon [nzType]="look().icon" [nzSpin]="status() === 'RUNNING'" aria-hidden="true" />{{ 'status.' + status() | transloco }}`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 5px;
      padding: 0 9px;
      border-radius: 11px;
      font-size: 12px;
      font-weight: 500;
      line-height: 22px;
      white-space: nowrap;
    }
  `,
})
export class StatusBadge {
  readonly status = input.required<string>();
  protected readonly look = computed(() => lookOf(this.status()));
  protected readonly colour = computed(() => `var(--${this.look().tone})`);
  protected readonly background = computed(() => `var(--${this.look().tone}-soft)`);
}
