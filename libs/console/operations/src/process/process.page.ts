import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api, Live, Session } from '@orderlines/console/api';
import { Dialogs, DurationPipe, PageTitle, reading, save, StatusBadge, TimePipe, Toasts } from '@orderlines/console/ui';
import type { ProcessDocument } from '@orderlines/process-engine';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { drawFlow } from '../run-view/flow-drawing.js';
import { FlowGraph } from '../run-view/flow-graph.js';
import type { NodeState } from '../run-view/run-state.js';
import { StartDialog, type StartData } from './start-dialog.js';

const FORMATS = ['yaml', 'json', 'legacy'] as const;
const LATEST_RUNS = 10;
const UNREACHED: ReadonlyMap<string, NodeState> = new Map();

/** One process: its flow, versions and latest runs. */
@Component({
  selector: 'ol-process',
  imports: [DurationPipe, FlowGraph, NzIconDirective, RouterLink, StatusBadge, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './process.page.html',
  styles: `
    .grid {
      display: grid;
      grid-template-columns: minmax(0, 1.2fr) minmax(0, 1fr);
      gap: 16px;
    }
    .graph {
      height: 620px;
      padding: 0;
      overflow: hidden;
    }
    .graph ol-flow-graph {
      height: 100%;
    }
    .side {
      display: flex;
      flex-direction: column;
      gap: 16px;
    }
  `,
})
export class ProcessPage {
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly live = inject(Live);
  private readonly title = inject(PageTitle);
  protected readonly session = inject(Session);

  /** Of the address. */
  readonly id = input.required<string>();
  protected readonly formats = FORMATS;
  protected readonly unreached = UNREACHED;
  protected readonly picked = signal<string | undefined>(undefined);
  private readonly loaded = reading({
    params: () => this.id(),
    loader: ({ params: id, abortSignal: signal }) => this.api.call('GET processes/:id', { id, signal }),
  });
  protected readonly versions = reading({
    params: () => this.id(),
    loader: ({ params: id, abortSignal: signal }) => this.api.call('GET processes/:id/versions', { id, query: { limit: 20 }, signal }),
  });
  protected readonly runs = reading({
    params: () => this.id(),
    loader: ({ params: process, abortSignal: signal }) =>
      this.api.call('GET instances', { query: { process, limit: LATEST_RUNS }, signal }),
  });
  protected readonly process = this.loaded.value;
  protected readonly problem = computed(() => this.loaded.problem()?.message ?? '');
  protected readonly drawing = computed(() => {
    const document = this.process()?.document as ProcessDocument | null | undefined;
    return document ? drawFlow(document) : undefined;
  });

  constructor() {
    effect(() => {
      const process = this.process();
      if (process) this.title.set(process.name);
    });
    effect(() => {
      if (this.live.changes() > 0) this.runs.reload();
    });
  }

  protected start({ id, name }: StartData): Promise<unknown> {
    return this.dialogs.open<void, StartData>(StartDialog, { id, name });
  }

  protected async export(version: number, format: (typeof FORMATS)[number]): Promise<void> {
    try {
      const answer = await this.api.fetch(`processes/${encodeURIComponent(this.id())}/versions/${version}/source?format=${format}`);
      save(`${this.process()?.name}@${version}.${format === 'json' ? 'json' : 'yaml'}`, await answer.blob());
    } catch (error) {
      this.toasts.problem(error);
    }
  }
}
