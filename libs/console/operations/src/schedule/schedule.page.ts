import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { FINAL_SLOT_STATUSES, SLOT_STATUSES, type BackfillView, type ScheduleView, type SlotView } from '@orderlines/contracts';
import { Api, Live, Session } from '@orderlines/console/api';
import {
  echoes,
  List,
  ListCell,
  ListRowActions,
  PageTitle,
  reading,
  TimePipe,
  Toasts,
  type Column,
  type Filter,
  type ListSource,
} from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { planText } from './schedule-draft.js';
import { ScheduleOperations } from './schedule-operations.js';
import { SchedulePreview } from './schedule-preview.js';

/** One schedule: its settings, its next times, and what became of its slots. */
@Component({
  selector: 'ol-schedule',
  imports: [List, ListCell, ListRowActions, NzIconDirective, RouterLink, SchedulePreview, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './schedule.page.html',
  styles: `
    .grid {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 16px;
      align-items: start;
    }
    progress {
      width: 90px;
      accent-color: var(--accent);
    }
  `,
})
export class SchedulePage {
  private readonly api = inject(Api);
  private readonly router = inject(Router);
  private readonly title = inject(PageTitle);
  private readonly toasts = inject(Toasts);
  private readonly live = inject(Live);
  protected readonly operations = inject(ScheduleOperations);
  protected readonly session = inject(Session);
  protected readonly changed = signal(0);
  protected readonly planText = planText;

  /** Of the address. */
  readonly id = input.required<string>();
  private readonly loaded = reading({
    params: () => this.id(),
    loader: ({ params: id, abortSignal: signal }) => this.api.call('GET schedules/:id', { id, signal }),
  });
  protected readonly backfills = reading({
    params: () => this.id(),
    loader: ({ params: id, abortSignal: signal }) => this.api.call('GET schedules/:id/backfills', { id, signal }),
  });
  protected readonly schedule = this.loaded.value;
  protected readonly problem = computed(() => this.loaded.problem()?.message ?? '');
  protected readonly counts = computed(() => {
    const counts = this.schedule()?.counts ?? {};
    return SLOT_STATUSES.flatMap((status) => (counts[status] ? [{ status, slots: counts[status] }] : []));
  });
  private readonly isUnderWay = computed(() => {
    const isFinal = (status: string) => (FINAL_SLOT_STATUSES as readonly string[]).includes(status);
    return this.counts().some(({ status }) => !isFinal(status)) || (this.backfills.value() ?? []).some(({ state }) => state === 'running');
  });
  protected readonly refreshes = echoes(
    computed(() => this.live.changes() + this.changed()),
    this.isUnderWay,
  );

  protected readonly columns: readonly Column<SlotView>[] = [
    { id: 'slotAt', label: 'schedules.slotAt', text: ({ slotAt }) => slotAt },
    { id: 'series', label: 'schedules.why', text: ({ series }) => series },
    { id: 'status', label: 'runs.status', text: ({ status }) => status },
    { id: 'run', label: 'runs.number', text: ({ instanceId }) => instanceId },
    { id: 'message', label: 'schedules.reason', text: ({ message, reason }) => message ?? reason },
    { id: 'startedAt', label: 'runs.startedAt', text: ({ startedAt }) => startedAt },
    { id: 'finishedAt', label: 'runs.finishedAt', text: ({ finishedAt }) => finishedAt },
    { id: 'decidedBy', label: 'schedules.decidedBy', text: ({ decidedBy }) => decidedBy, optional: true },
  ];
  protected readonly filters: readonly Filter[] = [
    {
      id: 'status',
      label: 'runs.status',
      kind: 'choice',
      choices: SLOT_STATUSES.map((value) => ({ value, label: `schedules.statuses.${value}` })),
    },
  ];
  protected readonly source = computed<ListSource<SlotView>>(() => {
    const id = this.id();
    return (query, signal) => this.api.call('GET schedules/:id/slots', { id, query: query as never, signal });
  });
  protected readonly key = ({ id }: SlotView) => id;

  constructor() {
    effect(() => {
      const schedule = this.schedule();
      if (schedule) this.title.set(schedule.name);
    });
    effect(() => {
      if (this.refreshes() === 0) return;
      this.loaded.reload();
      this.backfills.reload();
    });
  }

  protected async after(operation: Promise<boolean>): Promise<void> {
    if (await operation) this.changed.update((count) => count + 1);
  }

  protected async edit(schedule: ScheduleView): Promise<void> {
    if (await this.operations.write({ schedule })) this.changed.update((count) => count + 1);
  }

  protected async remove(schedule: ScheduleView): Promise<void> {
    if (await this.operations.remove(schedule)) await this.router.navigate(['/schedules']);
  }

  protected answer(slot: SlotView, decision: 'confirm' | 'refuse'): Promise<void> {
    const answered = () => this.api.call('POST schedules/:id/slots/:slot/answer', { id: this.id(), slot: slot.id, body: { decision } });
    return this.after(this.toasts.tell(answered, 'schedules.answered'));
  }

  protected cancel({ id: backfill }: BackfillView): Promise<void> {
    const cancelled = () => this.api.call('POST schedules/:id/backfills/:backfill/cancel', { id: this.id(), backfill, body: {} });
    return this.after(this.toasts.tell(cancelled, 'schedules.backfillCancelled'));
  }
}
