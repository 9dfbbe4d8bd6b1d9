import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { SchedulePlan } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { reading, TimePipe } from '@orderlines/console/ui';

/** Times that are shown. */
const COUNT = 10;
/** While a person types, the server is not asked. */
const TYPING_MS = 300;

/** The next times of a plan that is being written: on the clock of its zone, and on the one here. */
@Component({
  selector: 'ol-schedule-preview',
  imports: [TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-live': 'polite' },
  template: `
    <h3>{{ 'schedules.nextTimes' | transloco }}</h3>
    @if (times.problem(); as problem) {
      <div class="notice warn" data-test="preview-problem">{{ problem.message }}</div>
    } @else {
      <ol data-test="preview">
        @for (slot of times.value()?.slots ?? []; track slot.slotAt) {
          <li>
            <b>{{ slot.shown.replace('T', ' ') }}</b>
            <span class="soft">{{ slot.slotAt | olTime }}</span>
          </li>
        } @empty {
          <li class="soft">{{ (times.isLoading() ? 'ui.loading' : 'schedules.noTimes') | transloco }}</li>
        }
      </ol>
      <p class="soft">{{ 'schedules.clocks' | transloco: { zone: plan().zone } }}</p>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 8px;
    }
    ol {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(180px, 1fr));
      gap: 6px 16px;
      padding: 0;
      margin: 0;
      list-style: none;
    }
    li {
      display: flex;
      flex-direction: column;
      font-variant-numeric: tabular-nums;
    }
    li .soft {
      font-size: 12px;
    }
  `,
})
export class SchedulePreview {
  private readonly api = inject(Api);

  readonly namespace = input.required<string>();
  readonly plan = input.required<SchedulePlan>();
  private readonly asked = computed(() => ({ namespace: this.namespace(), plan: this.plan(), count: COUNT }), {
    equal: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  });
  protected readonly times = reading({
    params: () => this.asked(),
    loader: async ({ params: body, abortSignal: signal }) => {
      await new Promise((resolve) => setTimeout(resolve, TYPING_MS));
      signal.throwIfAborted();
      return this.api.call('POST schedules/preview', { body, signal });
    },
  });
}
