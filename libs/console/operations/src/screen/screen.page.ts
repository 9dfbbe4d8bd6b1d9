import { ChangeDetectionStrategy, Component, computed, DestroyRef, effect, ElementRef, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api, Live } from '@orderlines/console/api';
import { Chart, Language, lookOf, reading, StatusBadge } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { rankingChart, ringChart, trendChart } from '../home/overview-charts.js';
import { OverviewSource } from '../home/overview-source.js';

const STATUSES = ['SUCCESS', 'FAILURE', 'STOP', 'RUNNING', 'PAUSED', 'PENDING'] as const;
const ORIGIN_TOKENS = [
  'running-fill',
  'success-fill',
  'paused-fill',
  'retry-fill',
  'waiting-fill',
  'skip-fill',
  'stop-fill',
  'pending-fill',
];

/** A board for a wall: everything in sight at once, and never older than a moment. */
@Component({
  selector: 'ol-screen',
  imports: [Chart, NzIconDirective, RouterLink, StatusBadge, TranslocoPipe],
  providers: [OverviewSource],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './screen.page.html',
  styleUrl: './screen.page.scss',
})
export class ScreenPage {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly language = inject(Language);
  private readonly transloco = inject(TranslocoService);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly source = inject(OverviewSource);

  private readonly now = signal(new Date());
  protected readonly clock = computed(() =>
    new Intl.DateTimeFormat(this.language.current(), { dateStyle: 'full', timeStyle: 'medium' }).format(this.now()),
  );
  protected readonly workers = reading({ loader: ({ abortSignal: signal }) => this.api.call('GET workers', { signal }) });
  private readonly latest = reading({
    loader: ({ abortSignal: signal }) => this.api.call('GET instances', { query: { limit: 1 }, signal }),
  });
  protected readonly run = reading({
    params: () => this.latest.value()?.items[0]?.id,
    loader: ({ params: id, abortSignal: signal }) => this.api.call('GET instances/:id', { id, signal }),
  });

  protected readonly totals = computed(() => {
    const overview = this.source.overview();
    if (!overview) return [];
    const { today, active } = overview;
    const total = Object.values(today).reduce((sum, count) => sum + count, 0);
    const ended = (today.SUCCESS ?? 0) + (today.FAILURE ?? 0) + (today.STOP ?? 0);
    return [
      { label: 'home.today', value: String(total) },
      { label: 'screen.rate', value: ended === 0 ? '–' : `${Math.round((100 * (today.SUCCESS ?? 0)) / ended)} %` },
      { label: 'home.running', value: String(active.RUNNING ?? 0) },
      { label: 'screen.queued', value: String(active.PENDING ?? 0) },
      { label: 'home.waiting', value: String(overview.waitingForPeople) },
      { label: 'screen.processes', value: String(overview.processes) },
    ];
  });
  protected readonly trend = computed(() => {
    const overview = this.source.overview();
    return overview && trendChart(overview, this.source.step(), this.language.current(), (status) => this.word(`status.${status}`));
  });
  protected readonly statuses = computed(() => {
    const { today = {} } = this.source.overview() ?? {};
    return ringChart(
      STATUSES.filter((status) => today[status]).map((status) => ({
        name: this.word(`status.${status}`),
        value: today[status] ?? 0,
        token: `${lookOf(status).tone}-fill`,
      })),
    );
  });
  protected readonly origins = computed(() =>
    ringChart(
      (this.source.overview()?.origins ?? []).map(({ origin, runs }, index) => ({
        name: this.word(`runs.origins.${origin}`),
        value: runs,
        token: ORIGIN_TOKENS[index % ORIGIN_TOKENS.length] ?? 'accent',
      })),
    ),
  );
  protected readonly taskTypes = computed(() =>
    rankingChart(
      (this.source.overview()?.taskTypes ?? []).map(({ type, executions }) => ({ name: type, value: executions })),
      'waiting-fill',
    ),
  );
  protected readonly alarming = computed(() => {
    const items = this.source.overview()?.alarming ?? [];
    return items.length === 0
      ? undefined
      : rankingChart(
          items.map(({ process, alarms }) => ({ name: process, value: alarms })),
          'failure-fill',
        );
  });
  protected readonly progress = computed(() => {
    const tasks = (this.run.value()?.tasks ?? []).filter(({ kind }) => kind === 'node');
    return tasks.slice(-7);
  });

  constructor() {
    const clock = setInterval(() => this.now.set(new Date()), 1_000);
    inject(DestroyRef).onDestroy(() => clearInterval(clock));
    effect(() => {
      if (this.live.changes() === 0) return;
      this.latest.reload();
      this.run.reload();
      this.workers.reload();
    });
  }

  protected fill(): void {
    void (document.fullscreenElement ? document.exitFullscreen() : this.host.requestFullscreen());
  }

  private word(key: string): string {
    this.language.current();
    return this.transloco.translate<string>(key);
  }
}
