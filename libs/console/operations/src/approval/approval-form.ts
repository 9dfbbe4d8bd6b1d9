import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '@orderlines/console/api';
import { FieldsForm, reading, TimePipe, Toasts } from '@orderlines/console/ui';

/** What a person is asked, with the form they fill in and the two answers. */
@Component({
  selector: 'ol-approval-form',
  imports: [FieldsForm, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (approval(); as asked) {
      <section class="card stack">
        <h3>{{ asked.title }}</h3>
        @if (asked.message) {
          <p>{{ asked.message }}</p>
        }
        <p class="soft">
          {{ 'approvals.progress' | transloco: { have: asked.have, need: asked.need } }}
          @if (asked.deadlineAt) {
            · {{ 'approvals.deadline' | transloco }} {{ asked.deadlineAt | olTime }}
          }
        </p>
        @for (answer of asked.answers; track answer.user) {
          <p>
            <span class="tag" [class.success]="answer.decision === 'approve'" [class.failure]="answer.decision === 'reject'">
              {{ 'approvals.answer.' + answer.decision | transloco }}
            </span>
            {{ answer.user }} <span class="soft">{{ answer.at | olTime }}</span> {{ answer.comment }}
          </p>
        }
        @if (asked.mayAnswer) {
          @if (asked.form.length > 0) {
            <ol-fields-form [fields]="asked.form" />
          }
          <div class="field">
            <label [for]="'comment-' + asked.taskId">{{ 'approvals.comment' | transloco }}</label>
            <input #comment class="input" [id]="'comment-' + asked.taskId" maxlength="4000" />
          </div>
          <div class="row">
            <button
              class="button primary"
              type="button"
              [disabled]="isWaiting()"
              (click)="answer('approve', comment.value)"
              data-answer="approve"
            >
              {{ 'approvals.approve' | transloco }}
            </button>
            <button
              class="button danger"
              type="button"
              [disabled]="isWaiting()"
              (click)="answer('reject', comment.value)"
              data-answer="reject"
            >
              {{ 'approvals.reject' | transloco }}
            </button>
          </div>
        } @else {
          <p class="soft">{{ 'approvals.notYours' | transloco }}</p>
        }
      </section>
    }
  `,
})
export class ApprovalForm {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  readonly instanceId = input.required<string>();
  readonly taskId = input.required<string>();
  readonly answered = output();
  protected readonly isWaiting = signal(false);
  private readonly form = viewChild(FieldsForm);

  private readonly asked = reading({
    params: () => this.instanceId(),
    loader: ({ params: instance, abortSignal: signal }) => this.api.call('GET approvals', { query: { instance, limit: 500 }, signal }),
  });
  protected readonly approval = computed(() => this.asked.value()?.items.find(({ taskId }) => taskId === this.taskId()));

  protected async answer(decision: 'approve' | 'reject', comment: string): Promise<void> {
    const values = decision === 'approve' ? (this.form()?.read() ?? (this.form() ? undefined : {})) : {};
    const approval = this.approval();
    if (!values || !approval) return;
    this.isWaiting.set(true);
    try {
      const { instanceId: id, taskId, attempt } = approval;
      await this.api.call('POST instances/:id/tasks/:taskId/approval', { id, taskId, body: { decision, comment, values, attempt } });
      this.toasts.done('approvals.answered');
      this.asked.reload();
      this.answered.emit();
    } catch (error) {
      this.toasts.problem(error);
    } finally {
      this.isWaiting.set(false);
    }
  }
}
