import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { TaskView } from '@orderlines/contracts';
import type { TaskButton } from './operations.js';

/** What is about to be done to which execution. */
export interface TaskOperationData {
  readonly operation: TaskButton;
  readonly task: TaskView;
  /** Names of a switch's cases. */
  readonly cases: readonly string[];
}

/** Says what an operation will do, and asks for what it needs: arguments, a result, a message, a case. */
@Component({
  selector: 'ol-task-operation',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form class="dialog" (submit)="$event.preventDefault(); go(written($event))" aria-labelledby="operation-title">
      <header>
        <h2 id="operation-title">{{ 'operations.' + data.operation | transloco }}: {{ data.task.path }}</h2>
      </header>
      <div class="body">
        <p>{{ 'operations.consequence.' + data.operation | transloco }}</p>
        @switch (data.operation) {
          @case ('retry') {
            @if (data.task.input !== null) {
              <label class="check">
                <input type="checkbox" [checked]="changes()" (change)="changes.set($any($event.target).checked)" />
                {{ 'operations.changeInput' | transloco }}
              </label>
              <div class="field" [hidden]="!changes()">
                <label for="operation-field">{{ 'operations.input' | transloco }}</label>
                <textarea
                  class="textarea tall"
                  id="operation-field"
                  [value]="json(data.task.input)"
                  [attr.aria-invalid]="isWrong() || null"
                ></textarea>
              </div>
            }
          }
          @case ('succeed') {
            <div class="field">
              <label for="operation-field">{{ 'operations.result' | transloco }}</label>
              <textarea class="textarea tall" id="operation-field" value="{}" [attr.aria-invalid]="isWrong() || null"></textarea>
            </div>
          }
          @case ('fail') {
            <div class="field">
              <label for="operation-field">{{ 'operations.message' | transloco }}</label>
              <input class="input" id="operation-field" maxlength="2000" />
            </div>
          }
          @case ('choose') {
            <div class="field">
              <label for="operation-field">{{ 'operations.case' | transloco }}</label>
              <select class="select" id="operation-field">
                @for (name of data.cases; track name) {
                  <option [value]="name">{{ name }}</option>
                }
              </select>
            </div>
          }
        }
        @if (isWrong()) {
          <p class="notice error" role="alert">{{ 'operations.notJson' | transloco }}</p>
        }
      </div>
      <footer>
        <button class="button" type="button" (click)="dialog.close()">{{ 'ui.cancel' | transloco }}</button>
        <button class="button primary" type="submit">{{ 'operations.' + data.operation | transloco }}</button>
      </footer>
    </form>
  `,
  styles: `
    .tall {
      min-height: 220px;
    }
    [hidden] {
      display: none;
    }
  `,
})
export class TaskOperationDialog {
  protected readonly data = inject<TaskOperationData>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<object>>(DialogRef);
  protected readonly changes = signal(false);
  protected readonly isWrong = signal(false);

  protected json(value: unknown): string {
    return JSON.stringify(value, null, 2);
  }

  protected written({ target }: Event): string {
    const field = (target as HTMLFormElement).elements.namedItem('operation-field');
    return (field as HTMLInputElement | null)?.value ?? '';
  }

  protected go(text: string): void {
    this.isWrong.set(false);
    try {
      this.dialog.close(this.given(text));
    } catch {
      this.isWrong.set(true);
    }
  }

  private given(text: string): object {
    switch (this.data.operation) {
      case 'retry':
        return this.changes() ? { input: JSON.parse(text) as unknown } : {};
      case 'succeed':
        return { result: JSON.parse(text) as unknown };
      case 'fail':
        return text === '' ? {} : { message: text };
      case 'choose':
        return { case: text };
      default:
        return {};
    }
  }
}
