import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { RunGridCell } from '@orderlines/contracts';
import { Api, Live } from '@orderlines/console/api';
import { DurationPipe, lookOf, PageTitle, reading, StatusBadge, TimePipe } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { nodeStatusOf } from '../run-view/node-status.js';

const RUNS = 25;

/** How the nodes of a process stand in its newest runs: what fails again and again is a line, what failed together a column. */
@Component({
  selector: 'ol-run-grid',
  imports: [DurationPipe, NzIconDirective, RouterLink, StatusBadge, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './run-grid.page.html',
  styleUrl: './run-grid.page.scss',
})
export class RunGridPage {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly title = inject(PageTitle);

  /** Id of the process, from the address. */
  readonly id = input.required<string>();
  protected readonly grid = reading({
    params: () => this.id(),
    loader: ({ params: process, abortSignal: signal }) => this.api.call('GET instances/grid', { query: { process, limit: RUNS }, signal }),
  });
  protected readonly runs = computed(() => this.grid.value()?.runs ?? []);
  protected readonly nodes = computed(() =>
    (this.grid.value()?.nodes ?? []).map(({ id, uses, cells }) => ({ id, uses, cells: cells.map(shownCell) })),
  );
  protected readonly name = computed(() => {
    const [newest] = this.runs();
    return newest && `${newest.namespace}/${newest.process}`;
  });

  constructor() {
    effect(() => {
      const name = this.name();
      if (name) this.title.set(name);
    });
    effect(() => {
      if (this.live.changes() > 0) this.grid.reload();
    });
  }
}

const shownCell = (cell: RunGridCell | null) => {
  if (cell === null) return undefined;
  const status = nodeStatusOf(new Set(Object.keys(cell.statuses)));
  const executions = Object.values(cell.statuses).reduce((sum, count) => sum + count, 0);
  return { ...cell, status, executions, look: lookOf(status) };
};
