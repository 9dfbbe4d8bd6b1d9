import { ChangeDetectionStrategy, Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Json, JsonObject } from '@orderlines/contracts';
import { LogView, StatusBadge } from '@orderlines/console/ui';
import { JsonInput } from '../panels/json-input.js';
import { RunSession } from './run-session.js';

/** What happens in the run: its progress, its log, and at a stop the variables and what can be done. */
@Component({
  selector: 'ol-run-panel',
  imports: [JsonInput, LogView, RouterLink, StatusBadge, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './run-panel.html',
  styleUrl: './run-panel.scss',
})
export class RunPanel {
  protected readonly session = inject(RunSession);
  protected readonly node = signal('');

  protected readonly nodes = computed(() => [...new Set(this.session.lines().map(({ nodeId }) => nodeId))]);
  protected readonly lines = computed(() => this.session.lines().filter(({ nodeId }) => this.node() === '' || nodeId === this.node()));
  protected readonly progress = computed(() => {
    const executions = [...this.session.executions().values()];
    const done = executions.filter(({ finishedAt }) => finishedAt !== null).length;
    return { done, all: executions.length };
  });

  /** The stop that is looked at. */
  protected readonly stopId = signal<string | undefined>(undefined);
  protected readonly stop = computed(() => this.session.stops().find(({ id }) => id === this.stopId()) ?? this.session.stops()[0]);
  protected readonly variables = linkedSignal<Json | undefined>(() => this.session.run()?.variables);
  protected readonly input = linkedSignal<Json | undefined>(() => this.stop()?.input ?? undefined);
  protected readonly result = linkedSignal<Json | undefined>(() => (this.stop() === undefined ? undefined : {}));

  protected act(action: 'step' | 'into' | 'continue' | 'skip' | 'rerun'): void {
    const task = this.stop()?.id;
    void this.session.debug({ action, ...(task !== undefined && { task }) });
  }

  protected writeVariables(): void {
    const before = this.session.run()?.variables ?? {};
    const after = (this.variables() ?? {}) as JsonObject;
    const values = Object.fromEntries(
      Object.entries(after).filter(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value)),
    );
    void this.session.debug({ action: 'variables', values: values as JsonObject });
  }

  protected writeInput(): void {
    const task = this.stop()?.id;
    if (task !== undefined) void this.session.debug({ action: 'inputs', task, input: (this.input() ?? {}) as JsonObject });
  }

  protected mock(): void {
    const task = this.stop()?.id;
    if (task !== undefined) void this.session.debug({ action: 'mock', task, result: this.result() ?? null });
  }
}
