import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { Toasts } from './toasts.js';

/** Shows the toasts, for eyes and screen readers; at the bottom, where they cover no button of a page's head. */
@Component({
  selector: 'ol-toasts',
  imports: [NzIconDirective, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-live': 'polite' },
  template: `
    @for (toast of toasts.all(); track toast.id) {
      <div class="toast" [class.problem]="toast.kind === 'problem'" [attr.data-code]="toast.code">
        <nz-icon [nzType]="toast.kind === 'problem' ? 'close-circle' : 'check-circle'" aria-hidden="true" />
        <span>{{ toast.text }}</span>
        <button class="button quiet small icon" type="button" (click)="toasts.dismiss(toast.id)" [attr.aria-label]="'ui.close' | transloco">
          <nz-icon nzType="close" aria-hidden="true" />
        </button>
      </div>
    }
  `,
  styles: `
    :host {
      position: fixed;
      z-index: 1100;
      right: 20px;
      bottom: 20px;
      display: flex;
      flex-direction: column;
      gap: 8px;
      width: min(420px, 90vw);
      pointer-events: none;
    }
    .toast {
      display: flex;
      align-items: flex-start;
      gap: 10px;
      padding: 10px 8px 10px 14px;
      border: 1px solid var(--line);
      border-left: 4px solid var(--success-fill);
      border-radius: 8px;
      background: var(--raised);
      box-shadow: var(--shadow-high);
      pointer-events: auto;
    }
    .toast > nz-icon {
      margin-top: 3px;
      color: var(--success);
    }
    .toast.problem {
      border-left-color: var(--failure-fill);
    }
    .toast.problem > nz-icon {
      color: var(--failure);
    }
    span {
      flex: 1;
      overflow-wrap: anywhere;
    }
  `,
})
export class ToastList {
  protected readonly toasts = inject(Toasts);
}
