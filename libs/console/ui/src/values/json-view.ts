import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { Toasts } from '../feedback/toasts.js';

/** Longer texts are shown on demand only. */
const SHOWN_LENGTH = 20_000;

/** A value as indented JSON, to be read and copied. */
@Component({
  selector: 'ol-json',
  imports: [NzIconDirective, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="frame">
      <button class="button quiet small icon" type="button" (click)="copy()" [attr.aria-label]="'ui.copy' | transloco">
        <nz-icon nzType="copy" aria-hidden="true" />
      </button>
      <pre tabindex="0">{{ shown() }}</pre>
      @if (isCut()) {
        <button class="button small" type="button" (click)="whole.set(true)">{{ 'ui.showAll' | transloco }}</button>
      }
    </div>
  `,
  styles: `
    .frame {
      position: relative;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--sunken);
    }
    .frame > .icon {
      position: absolute;
      top: 4px;
      right: 4px;
    }
    pre {
      max-height: 360px;
      padding: 8px 36px 8px 12px;
      overflow: auto;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
  `,
})
export class JsonView {
  private readonly toasts = inject(Toasts);
  readonly value = input.required<unknown>();
  protected readonly whole = signal(false);
  private readonly text = computed(() => {
    const value = this.value();
    return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'null');
  });
  protected readonly isCut = computed(() => !this.whole() && this.text().length > SHOWN_LENGTH);
  protected readonly shown = computed(() => (this.isCut() ? `${this.text().slice(0, SHOWN_LENGTH)}…` : this.text()));

  protected async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text());
      this.toasts.done('ui.copied');
    } catch (error) {
      this.toasts.problem(error);
    }
  }
}
