import { computed, DestroyRef, effect, inject, Injectable, signal } from '@angular/core';
import type { TrendStep } from '@orderlines/contracts';
import { Api, Live } from '@orderlines/console/api';
import { reading } from '@orderlines/console/ui';

/** Numbers are asked for again this often at most, however much changes. */
const AGAIN_MS = 2_000;
/** Days change without any run. */
const CALM_MS = 60_000;

/** The numbers of Home and of the board, asked for again whenever runs have changed. */
@Injectable()
export class OverviewSource {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  readonly step = signal<TrendStep>('day');
  private readonly asked = reading({
    params: () => this.step(),
    loader: ({ params: step, abortSignal: signal }) =>
      this.api.call('GET overview', { query: { step, zone: Intl.DateTimeFormat().resolvedOptions().timeZone }, signal }),
  });
  readonly overview = this.asked.value;
  readonly failed = computed(() => this.asked.problem() !== undefined);

  constructor() {
    let again: ReturnType<typeof setTimeout> | undefined;
    const read = () => {
      again = undefined;
      this.asked.reload();
    };
    const calm = setInterval(read, CALM_MS);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(calm);
      clearTimeout(again);
    });
    effect(() => {
      if (this.live.changes() > 0) again ??= setTimeout(read, AGAIN_MS);
    });
  }
}
