import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { InstanceDetail, TaskView } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { formatDuration, reading, StatusBadge } from '@orderlines/console/ui';

/** A node in both runs. */
interface ComparedNode {
  readonly path: string;
  readonly now: TaskView | undefined;
  readonly then: TaskView | undefined;
  readonly nowTook: string;
  readonly thenTook: string;
  readonly differs: boolean;
}

/** A run beside the last one of its process that succeeded. */
@Component({
  selector: 'ol-run-comparison',
  imports: [RouterLink, StatusBadge, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (green.value(); as green) {
      <p>
        {{ 'run.comparedWith' | transloco }} <a [routerLink]="['/runs', green.id]">#{{ green.number }}</a> ({{
          'run.versionOf' | transloco: { version: green.version }
        }})
      </p>
      <div class="table-frame">
        <table class="table">
          <thead>
            <tr>
              <th>{{ 'run.node' | transloco }}</th>
              <th>#{{ run().number }}</th>
              <th>#{{ green.number }}</th>
            </tr>
          </thead>
          <tbody>
            @for (node of nodes(); track node.path) {
              <tr [class.selected]="node.differs">
                <td>{{ node.path }}</td>
                <td>
                  @if (node.now) {
                    <ol-status [status]="node.now.status" />
                  }
                  {{ node.nowTook }}
                </td>
                <td>
                  @if (node.then) {
                    <ol-status [status]="node.then.status" />
                  }
                  {{ node.thenTook }}
                </td>
              </tr>
            }
          </tbody>
        </table>
      </div>
    } @else if (green.isLoading()) {
      <p class="soft">{{ 'ui.loading' | transloco }}</p>
    } @else {
      <p class="soft">{{ 'run.noGreen' | transloco }}</p>
    }
  `,
})
export class RunComparison {
  private readonly api = inject(Api);
  readonly run = input.required<InstanceDetail>();

  protected readonly green = reading({
    params: () => ({ id: this.run().id, process: this.run().processId }),
    loader: async ({ params: { id, process }, abortSignal: signal }) => {
      const { items } = await this.api.call('GET instances', { query: { process, status: 'SUCCESS', limit: 2 }, signal });
      const last = items.find((run) => run.id !== id);
      return last && this.api.call('GET instances/:id', { id: last.id, signal });
    },
  });
  protected readonly nodes = computed((): readonly ComparedNode[] => {
    const [now, then] = [byPath(this.run()), byPath(this.green.value())];
    return [...new Set([...now.keys(), ...then.keys()])].map((path) => {
      const [one, other] = [now.get(path), then.get(path)];
      return { path, now: one, then: other, nowTook: took(one), thenTook: took(other), differs: one?.status !== other?.status };
    });
  });
}

const byPath = (run: InstanceDetail | undefined): ReadonlyMap<string, TaskView> =>
  new Map((run?.tasks ?? []).filter(({ kind }) => kind === 'node').map((task) => [task.path, task]));

const took = (task: TaskView | undefined): string =>
  task?.startedAt && task.finishedAt ? formatDuration(Date.parse(task.finishedAt) - Date.parse(task.startedAt)) : '';
