import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { EVALUATION_OUTCOMES, type EvaluationOutcome, type EvaluationView, type TriggerView } from '@orderlines/contracts';
import { Api, Live, Session } from '@orderlines/console/api';
import {
  echoes,
  JsonView,
  List,
  ListCell,
  PageTitle,
  reading,
  TimePipe,
  type Column,
  type Filter,
  type ListSource,
} from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { hearsText } from './trigger-draft.js';
import { TriggerOperations } from './trigger-operations.js';

const ON_THEIR_WAY: readonly EvaluationOutcome[] = ['received', 'starting'];

/** One trigger: its settings, what it waits for, and what it made of its events. */
@Component({
  selector: 'ol-trigger',
  imports: [JsonView, List, ListCell, NzIconDirective, RouterLink, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './trigger.page.html',
  styles: `
    .grid {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 16px;
      align-items: start;
    }
    .excerpt {
      display: block;
      max-width: 420px;
    }
  `,
})
export class TriggerPage {
  private readonly api = inject(Api);
  private readonly router = inject(Router);
  private readonly title = inject(PageTitle);
  private readonly live = inject(Live);
  protected readonly operations = inject(TriggerOperations);
  protected readonly session = inject(Session);
  protected readonly changed = signal(0);
  protected readonly hearsText = hearsText;

  /** Of the address. */
  readonly id = input.required<string>();
  private readonly loaded = reading({
    params: () => this.id(),
    loader: ({ params: id, abortSignal: signal }) => this.api.call('GET triggers/:id', { id, signal }),
  });
  protected readonly trigger = this.loaded.value;
  protected readonly problem = computed(() => this.loaded.problem()?.message ?? '');
  protected readonly counts = computed(() => {
    const counts = this.trigger()?.counts ?? {};
    return EVALUATION_OUTCOMES.flatMap((outcome) => (counts[outcome] ? [{ outcome, events: counts[outcome] }] : []));
  });
  private readonly isUnderWay = computed(() => this.counts().some(({ outcome }) => ON_THEIR_WAY.includes(outcome)));
  protected readonly refreshes = echoes(
    computed(() => this.live.changes() + this.changed()),
    this.isUnderWay,
  );
  protected readonly hasParams = computed(() => Object.keys(this.trigger()?.params ?? {}).length > 0);

  protected readonly columns: readonly Column<EvaluationView>[] = [
    { id: 'createdAt', label: 'triggers.heardAt', text: ({ createdAt }) => createdAt },
    { id: 'eventType', label: 'triggers.eventType', text: ({ eventType }) => eventType },
    { id: 'outcome', label: 'triggers.outcome', text: ({ outcome }) => outcome },
    { id: 'run', label: 'runs.number', text: ({ instanceId }) => instanceId },
    { id: 'message', label: 'schedules.reason', text: ({ message, reason }) => message ?? reason },
    { id: 'excerpt', label: 'triggers.excerpt', text: ({ excerpt }) => excerpt },
    { id: 'eventId', label: 'triggers.eventId', text: ({ eventId }) => eventId, optional: true },
    { id: 'finishedAt', label: 'runs.finishedAt', text: ({ finishedAt }) => finishedAt, optional: true },
    { id: 'depth', label: 'triggers.depth', text: ({ depth }) => depth, numeric: true, optional: true },
  ];
  protected readonly filters: readonly Filter[] = [
    {
      id: 'outcome',
      label: 'triggers.outcome',
      kind: 'choice',
      choices: EVALUATION_OUTCOMES.map((value) => ({ value, label: `triggers.outcomes.${value}` })),
    },
  ];
  protected readonly source = computed<ListSource<EvaluationView>>(() => {
    const id = this.id();
    return (query, signal) => this.api.call('GET triggers/:id/evaluations', { id, query: query as never, signal });
  });
  protected readonly key = ({ id }: EvaluationView) => id;

  constructor() {
    effect(() => {
      const trigger = this.trigger();
      if (trigger) this.title.set(trigger.name);
    });
    effect(() => {
      if (this.refreshes() > 0) this.loaded.reload();
    });
  }

  protected async after(operation: Promise<boolean>): Promise<void> {
    if (await operation) this.changed.update((count) => count + 1);
  }

  protected async edit(trigger: TriggerView): Promise<void> {
    if (await this.operations.write({ trigger })) this.changed.update((count) => count + 1);
  }

  protected async remove(trigger: TriggerView): Promise<void> {
    if (await this.operations.remove(trigger)) await this.router.navigate(['/triggers']);
  }
}
