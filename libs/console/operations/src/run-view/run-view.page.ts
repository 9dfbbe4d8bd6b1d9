import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { TaskView } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { DurationPipe, JsonView, LogView, PageTitle, StatusBadge, TimePipe, Toasts } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { ApprovalForm } from '../approval/approval-form.js';
import { FlowGraph } from './flow-graph.js';
import { Gantt } from './gantt.js';
import { OPERATION_ICONS, Operations, RUN_BUTTONS, TASK_BUTTONS, type RunButton, type TaskButton } from './operations.js';
import { RunComparison } from './run-comparison.js';
import { RunLog } from './run-log.js';
import { saveReport } from './run-report.js';
import { RunState } from './run-state.js';

const PANES = ['log', 'input', 'result', 'attempts', 'run', 'compare'] as const;
type Pane = (typeof PANES)[number];

/** One run: its graph, when what was done, and the log of the chosen node, live, with everything that can be done to it. */
@Component({
  selector: 'ol-run-view',
  imports: [
    ApprovalForm,
    DurationPipe,
    FlowGraph,
    Gantt,
    JsonView,
    LogView,
    NzIconDirective,
    RouterLink,
    RunComparison,
    StatusBadge,
    TimePipe,
    TranslocoPipe,
  ],
  providers: [RunState, RunLog],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './run-view.page.html',
  styleUrl: './run-view.page.scss',
})
export class RunViewPage {
  protected readonly state = inject(RunState);
  protected readonly log = inject(RunLog);
  private readonly operations = inject(Operations);
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly title = inject(PageTitle);

  /** Of the address. */
  readonly id = input.required<string>();
  protected readonly panes = PANES;
  protected readonly pane = signal<Pane>('log');
  protected readonly wholeLog = signal(false);
  protected readonly icons = OPERATION_ICONS;
  protected readonly from = computed(() => Date.parse(this.state.run()?.createdAt ?? ''));
  protected readonly to = computed(() => {
    const run = this.state.run();
    return run?.finishedAt ? Date.parse(run.finishedAt) : this.state.now();
  });
  protected readonly executed = computed(() => (this.state.run()?.tasks ?? []).filter(({ kind }) => kind !== 'item'));
  protected readonly runButtons = computed(() =>
    RUN_BUTTONS.filter((name) => name !== 'rerun' && this.state.run()?.allowed.includes(name)),
  );
  protected readonly taskButtons = computed(() => TASK_BUTTONS.filter((name) => this.state.task()?.allowed.includes(name)));
  protected readonly mayRerun = computed(() => this.state.run()?.allowed.includes('rerun') ?? false);
  /** Executions of the chosen node, when there are several. */
  protected readonly siblings = computed(() => this.state.states().get(this.state.selectedNode() ?? '')?.tasks ?? []);

  constructor() {
    effect(() => this.state.id.set(this.id()));
    effect(() => {
      const task = this.state.task();
      const run = this.state.run();
      if (run) this.log.source.set({ instanceId: run.id, ...(task && !this.wholeLog() && { task: task.id }) });
    });
    effect(() => {
      const run = this.state.run();
      if (run) this.title.set(`${run.process} #${run.number}`);
    });
  }

  protected pick(task: TaskView): void {
    this.state.select(task.nodeId, task.id);
  }

  protected async doToRun(operation: RunButton): Promise<void> {
    const run = this.state.run();
    if (run && (await this.operations.onRun(operation, run, this.state.selectedNode()))) await this.state.refresh();
  }

  protected async doToTask(operation: TaskButton): Promise<void> {
    const task = this.state.task();
    if (task && (await this.operations.onTask(operation, task, this.casesOf(task.nodeId)))) await this.state.refresh();
  }

  protected async setVariables(text: string): Promise<void> {
    try {
      await this.api.call('PUT instances/:id/variables', { id: this.id(), body: { values: JSON.parse(text) as Record<string, never> } });
      this.toasts.done('run.variablesSet');
      await this.state.refresh();
    } catch (error) {
      this.toasts.problem(error);
    }
  }

  protected report(): void {
    const run = this.state.run();
    if (run) saveReport(run);
  }

  protected json(value: unknown): string {
    return JSON.stringify(value, null, 2);
  }

  private casesOf(nodeId: string): readonly string[] {
    const cases = (this.state.drawing()?.edges ?? []).filter(({ from, onError }) => from === nodeId && !onError).map(({ label }) => label);
    return [...cases.filter((label) => label !== ''), 'default'];
  }
}
