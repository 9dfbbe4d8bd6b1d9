import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject, signal, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { FormField, JsonObject } from '@orderlines/contracts';
import { FieldsForm } from '@orderlines/console/ui';
import type { ParamDocument } from '@orderlines/process-engine';

/** What is asked before a run. */
export interface StartQuestion {
  readonly params: readonly ParamDocument[];
  readonly mode: 'run' | 'debug';
  readonly hasBreakpoints: boolean;
}

/** What was answered. */
export interface StartAnswer {
  readonly params: JsonObject;
  readonly stops: 'all' | 'breakpoints';
}

/** Asks for the params of a run, and where a debugged one stops. */
@Component({
  selector: 'ol-start-dialog',
  imports: [FieldsForm, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="dialog" aria-labelledby="start-title">
      <header>
        <h2 id="start-title">{{ 'designer.start.' + question.mode | transloco }}</h2>
      </header>
      <div class="body">
        <ol-fields-form [fields]="fields" />
        @if (fields.length === 0) {
          <p class="soft">{{ 'designer.start.noParams' | transloco }}</p>
        }
        @if (question.mode === 'debug') {
          <label class="check">
            <input type="checkbox" [checked]="atBreakpoints()" (change)="atBreakpoints.set(only.checked)" #only />
            {{ 'designer.start.breakpoints' | transloco }}
          </label>
        }
      </div>
      <footer>
        <button class="button" type="button" (click)="dialog.close()">{{ 'ui.cancel' | transloco }}</button>
        <button class="button primary" type="button" data-test="start" (click)="start()">
          {{ 'designer.start.' + question.mode | transloco }}
        </button>
      </footer>
    </section>
  `,
})
export class StartDialog {
  protected readonly question = inject<StartQuestion>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<StartAnswer>>(DialogRef);
  private readonly form = viewChild.required(FieldsForm);
  protected readonly fields = this.question.params as readonly FormField[];
  protected readonly atBreakpoints = signal(this.question.hasBreakpoints);

  protected start(): void {
    const params = this.form().read() as JsonObject | undefined;
    if (params !== undefined) this.dialog.close({ params, stops: this.atBreakpoints() ? 'breakpoints' : 'all' });
  }
}
