import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import {
  actionsOf,
  SUBJECT_NAMES,
  type RightExplanation,
  type RightHolders,
  type RightHoldersQuery,
  type Subject,
} from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { Toasts } from '@orderlines/console/ui';

const HOLDERS_AT_A_TIME = 100;

/** Why somebody may do something, or why not; and who may. */
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
    <form class="card stack" (submit)="$event.preventDefault(); find(holdAction.value, holdObject.value)">
      <h2>{{ 'access.whoMay' | transloco }}</h2>
      <div class="row">
        <div class="field">
          <label for="who-subject">{{ 'system.subject' | transloco }}</label>
          <select id="who-subject" class="select" (change)="heldSubject.set($any($event.target).value)">
            @for (name of subjects; track name) {
              <option [value]="name" [selected]="name === heldSubject()">{{ name }}</option>
            }
          </select>
        </div>
        <div class="field">
          <label for="who-action">{{ 'system.action' | transloco }}</label>
          <select #holdAction id="who-action" class="select">
            @for (name of actionsOf(heldSubject()); track name) {
              <option [value]="name">{{ name }}</option>
            }
          </select>
        </div>
        <div class="field">
          <label for="who-object">{{ 'access.object' | transloco }}</label>
          <input #holdObject id="who-object" class="input" maxlength="300" />
        </div>
        <button class="button primary" type="submit" data-action="who-may">{{ 'access.find' | transloco }}</button>
      </div>
      @if (holders(); as found) {
        <ul class="row" data-test="holders" aria-live="polite">
          @for (holder of found.items; track holder.user) {
            <li class="tag" [class.accent]="holder.administrator">
              {{ holder.user }}
              @if (holder.administrator) {
                · {{ 'access.administrator' | transloco }}
              }
            </li>
          } @empty {
            <li class="soft">{{ 'access.nobody' | transloco }}</li>
          }
        </ul>
        @if (found.nextCursor) {
          <div>
            <button class="button" type="button" (click)="more()">{{ 'ui.next' | transloco }}</button>
          </div>
        }
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
    ul {
      padding: 0;
      margin: 0;
      list-style: none;
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

  protected readonly heldSubject = signal<Subject>('Process');
  protected readonly holders = signal<RightHolders | undefined>(undefined);
  private asked: Omit<RightHoldersQuery, 'limit'> | undefined;

  protected async find(action: string, object: string): Promise<void> {
    this.asked = { action, subject: this.heldSubject(), ...(object && { object }) };
    this.holders.set(undefined);
    await this.more();
  }

  /** The next page of those who may; the first one where there is none yet. */
  protected async more(): Promise<void> {
    if (this.asked === undefined) return;
    const before = this.holders();
    const query = { ...this.asked, limit: HOLDERS_AT_A_TIME, ...(before?.nextCursor && { cursor: before.nextCursor }) };
    try {
      const page = await this.api.call('GET permissions/holders', { query });
      this.holders.set({ ...page, items: [...(before?.items ?? []), ...page.items] });
    } catch (error) {
      this.toasts.problem(error);
    }
  }

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
