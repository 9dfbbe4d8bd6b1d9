import { ScrollingModule } from '@angular/cdk/scrolling';
import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { TaskView } from '@orderlines/contracts';
import { formatDuration, lookOf } from '@orderlines/console/ui';

const MARKS = 5;

/** When what was executed, and for how long: one line a task instance, only those in sight drawn. */
@Component({
  selector: 'ol-gantt',
  imports: [ScrollingModule, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="scale" aria-hidden="true">
      @for (mark of marks(); track $index) {
        <span [style.left.%]="mark.at">{{ mark.text }}</span>
      }
    </div>
    <cdk-virtual-scroll-viewport itemSize="26" tabindex="0" role="group" [attr.aria-label]="'gantt.title' | transloco">
      <button
        *cdkVirtualFor="let row of rows(); trackBy: byId"
        type="button"
        class="row"
        [class.selected]="row.task.id === selected()"
        (click)="picked.emit(row.task)"
      >
        <span class="name cut" [style.padding-left.px]="8 + row.depth * 12" [title]="row.task.path">{{ row.name }}</span>
        <span class="lane">
          <span
            class="bar"
            [class.live]="!row.task.finishedAt"
            [style.left.%]="row.left"
            [style.width.%]="row.width"
            [style.background]="row.colour"
            [title]="('status.' + row.task.status | transloco) + ' · ' + row.took"
          ></span>
          <span class="took" [style.left.%]="row.textAt" [class.before]="row.textBefore" [class.inside]="row.textInside">{{
            row.took
          }}</span>
        </span>
      </button>
    </cdk-virtual-scroll-viewport>
  `,
  styleUrl: './gantt.scss',
})
export class Gantt {
  readonly tasks = input.required<readonly TaskView[]>();
  /** Where the time begins and ends, epoch milliseconds. */
  readonly from = input.required<number>();
  readonly to = input.required<number>();
  readonly selected = input<string>();
  readonly picked = output<TaskView>();

  private readonly span = computed(() => Math.max(1, this.to() - this.from()));
  protected readonly marks = computed(() =>
    Array.from({ length: MARKS }, (_, index) => ({ at: (100 * index) / MARKS, text: formatDuration((this.span() * index) / MARKS) })),
  );
  protected readonly rows = computed(() =>
    this.tasks().map((task) => {
      const start = Date.parse(task.startedAt ?? task.createdAt);
      const end = task.finishedAt ? Date.parse(task.finishedAt) : this.to();
      const left = Math.min(99.5, Math.max(0, (100 * (start - this.from())) / this.span()));
      const width = Math.min(100 - left, Math.max(0.5, (100 * (end - start)) / this.span()));
      const isLate = left + width > 82;
      // Beside a bar from edge to edge there is room nowhere.
      const isWhole = isLate && left < 18;
      return {
        task,
        name: `${task.path.split('/').at(-1) ?? task.nodeId}${task.visit > 1 ? ` (${task.visit})` : ''}`,
        depth: task.path.split('/').length - 1,
        left,
        width,
        colour: `var(--${lookOf(task.status).tone}-fill)`,
        took: formatDuration(end - start),
        textAt: isLate ? left : left + width,
        textBefore: isLate && !isWhole,
        textInside: isWhole,
      };
    }),
  );
  protected readonly byId = (_index: number, { task }: { readonly task: TaskView }): string => task.id;
}
