import { ChangeDetectionStrategy, Component, computed, effect, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { TREND_STEPS, type TrendStep } from '@orderlines/contracts';
import { Api, Live } from '@orderlines/console/api';
import { Chart, DurationPipe, formatDuration, Language, reading, StatusBadge, TimePipe } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { rankingChart, ringChart, trendChart } from './overview-charts.js';
import { OverviewSource } from './overview-source.js';

const LATEST = 8;

/** What goes on today: numbers, trend, what is slow or fails, what waits for me. */
@Component({
  selector: 'ol-home',
  imports: [Chart, DurationPipe, NzIconDirective, RouterLink, StatusBadge, TimePipe, TranslocoPipe],
  providers: [OverviewSource],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './home.page.html',
  styleUrl: './home.page.scss',
})
export class HomePage {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly language = inject(Language);
  private readonly transloco = inject(TranslocoService);
  protected readonly source = inject(OverviewSource);

  protected readonly steps = TREND_STEPS;
  protected readonly runs = reading({
    loader: ({ abortSignal: signal }) => this.api.call('GET instances', { query: { limit: LATEST }, signal }),
  });
  protected readonly approvals = reading({
    loader: ({ abortSignal: signal }) => this.api.call('GET approvals', { query: { mine: 'true', limit: LATEST }, signal }),
  });

  protected readonly cards = computed(() => {
    const overview = this.source.overview();
    if (!overview) return [];
    const { today, active } = overview;
    const total = Object.values(today).reduce((sum, count) => sum + count, 0);
    return [
      { label: 'home.today', value: total, icon: 'thunderbolt', tone: 'accent', query: {} },
      { label: 'home.succeeded', value: today.SUCCESS ?? 0, icon: 'check-circle', tone: 'success', query: { status: 'SUCCESS' } },
      { label: 'home.failed', value: today.FAILURE ?? 0, icon: 'close-circle', tone: 'failure', query: { status: 'FAILURE' } },
      { label: 'home.running', value: active.RUNNING ?? 0, icon: 'play-circle', tone: 'running', query: { status: 'RUNNING' } },
      { label: 'home.waiting', value: overview.waitingForPeople, icon: 'hourglass', tone: 'waiting', query: undefined },
    ];
  });
  protected readonly trend = computed(() => {
    const overview = this.source.overview();
    return overview && trendChart(overview, this.source.step(), this.language.current(), (status) => this.word(`status.${status}`));
  });
  protected readonly ring = computed(() => {
    const { alarms = {} } = this.source.overview() ?? {};
    const tokens = { FAILURE: 'failure-fill', TIMEOUT: 'retry-fill', STOP: 'stop-fill' } as const;
    const parts = (['FAILURE', 'TIMEOUT', 'STOP'] as const).map((kind) => ({
      name: this.word(`alarms.kinds.${kind}`),
      value: alarms[kind] ?? 0,
      token: tokens[kind],
    }));
    return parts.some(({ value }) => value > 0) ? ringChart(parts) : undefined;
  });
  protected readonly slowest = computed(() => {
    const items = this.source.overview()?.slowest ?? [];
    return items.length === 0
      ? undefined
      : rankingChart(
          items.map(({ process, averageMs }) => ({ name: process, value: averageMs })),
          'running-fill',
          formatDuration,
        );
  });
  protected readonly failing = computed(() => {
    const items = this.source.overview()?.failing ?? [];
    return items.length === 0
      ? undefined
      : rankingChart(
          items.map(({ process, failed }) => ({ name: process, value: failed })),
          'failure-fill',
        );
  });

  constructor() {
    effect(() => {
      if (this.live.changes() === 0) return;
      this.runs.reload();
      this.approvals.reload();
    });
  }

  protected choose(step: TrendStep): void {
    this.source.step.set(step);
  }

  /** Read through the language, so that charts are drawn again when it changes. */
  private word(key: string): string {
    this.language.current();
    return this.transloco.translate<string>(key);
  }
}
