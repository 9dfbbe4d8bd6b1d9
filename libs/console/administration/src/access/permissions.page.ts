import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { actionsOf, SUBJECT_NAMES, type RightExplanation, type Subject } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { Toasts } from '@orderlines/console/ui';

/** Why somebody may do something, or why not. */
@Component({
  selector: 'ol-permissions',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  template: `
    <h1>{{ 'nav.permissions' | transloco }}</h1>
    <form class="card stack" (submit)="$event.preventDefault(); explain(user.value, action.value, object.value)">
      <h2>{{ 'access.why' | transloco }}</h2>
      <div class="row">
        <div class="field">
          <label for="why-user">{{ 'access.userName' | transloco }}</label>
          <input #user id="why-user" class="input" required maxlength="64" />
        </div>
        <div class="field">
          <label for="why-subject">{{ 'system.subject' | transloco }}</label>
          <select id="why-subject" class="select" (change)="subject.set($any($event.target).value)">
            @for (name of subjects; track name) {
              <option [value]="name" [selected]="name === subject()">{{ name }}</option>
            }
          </select>
        </div>
        <div class="field">
          <label for="why-action">{{ 'system.action' | transloco }}</label>
          <select #action id="why-action" class="select">
            @for (name of actionsOf(subject()); track name) {
              <option [value]="name">{{ name }}</option>
            }
          </select>
        </div>
        <div class="field">
          <label for="why-object">{{ 'access.object' | transloco }}</label>
          <input #object id="why-object" class="input" maxlength="300" />
        </div>
        <button class="button primary" type="submit">{{ 'access.explain' | transloco }}</button>
      </div>
      @if (answer(); as answer) {
        <div class="notice" [class.error]="!answer.allowed" data-test="explanation">{{ answer.text }}</div>
        <div class="table-frame">
          <table class="table">
            <tbody>
              @for (grant of answer.grants; track $index) {
                <tr>
                  <td>
                    <span class="tag" [class.success]="grant.effect === 'allows'" [class.failure]="grant.effect === 'forbids'">
                      {{ 'access.effects.' + grant.effect | transloco }}
                    </span>
                  </td>
                  <td>
                    <code>{{ grant.rule.action }} {{ grant.rule.subject }}</code>
                  </td>
                  <td>{{ grant.role ?? '–' }}</td>
                  <td>{{ grant.group ?? '–' }}</td>
                  <td>{{ grant.namespace ?? '*' }}</td>
                </tr>
              }
            </tbody>
          </table>
        </div>
      }
    </form>
  `,
  styles: `
    .row {
      align-items: flex-end;
    }
    .field {
      min-width: 180px;
    }
  `,
})
export class PermissionsPage {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  protected readonly subjects = SUBJECT_NAMES;
  protected readonly actionsOf = actionsOf;
  protected readonly subject = signal<Subject>('Process');
  protected readonly answer = signal<RightExplanation | undefined>(undefined);

  protected async explain(user: string, action: string, object: string): Promise<void> {
    try {
      const query = { user, action, subject: this.subject(), ...(object && { object }) };
      this.answer.set(await this.api.call('GET permissions/explanation', { query }));
    } catch (error) {
      this.answer.set(undefined);
      this.toasts.problem(error);
    }
  }
}
