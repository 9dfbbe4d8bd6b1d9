import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { FormField } from '@orderlines/contracts';
import { Api, toProblem } from '@orderlines/console/api';
import { FieldsForm, reading, Toasts } from '@orderlines/console/ui';
import type { ParamDocument, ProcessDocument } from '@orderlines/process-engine';

/** Which process is to be started. */
export interface StartData {
  readonly id: string;
  readonly name: string;
}

/** Asks for the params of a process and starts a run, which is then shown. */
@Component({
  selector: 'ol-start',
  imports: [FieldsForm, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form class="dialog" (submit)="$event.preventDefault(); start()" aria-labelledby="start-title">
      <header>
        <h2 id="start-title">{{ 'start.title' | transloco: { name: data.name } }}</h2>
      </header>
      <div class="body">
        @if (problem(); as problem) {
          <div class="notice error" role="alert">{{ problem }}</div>
        }
        @if (params(); as fields) {
          <ol-fields-form [fields]="fields" />
          <label class="check">
            <input type="checkbox" [checked]="debug()" (change)="debug.set($any($event.target).checked)" name="debug" />{{
              'start.debug' | transloco
            }}
          </label>
        } @else {
          <p class="soft">{{ 'ui.loading' | transloco }}</p>
        }
      </div>
      <footer>
        <button class="button" type="button" (click)="dialog.close()">{{ 'ui.cancel' | transloco }}</button>
        <button class="button primary" type="submit" [disabled]="isWaiting() || !params()">{{ 'start.start' | transloco }}</button>
      </footer>
    </form>
  `,
})
export class StartDialog {
  private readonly api = inject(Api);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  protected readonly data = inject<StartData>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef>(DialogRef);
  protected readonly isWaiting = signal(false);
  protected readonly problem = signal('');
  protected readonly debug = signal(false);
  private readonly form = viewChild(FieldsForm);

  private readonly process = reading({
    loader: ({ abortSignal: signal }) => this.api.call('GET processes/:id', { id: this.data.id, signal }),
  });
  protected readonly params = computed(() => {
    const process = this.process.value();
    return process && ((process.document as ProcessDocument | null)?.params ?? []).map(toField);
  });

  protected async start(): Promise<void> {
    const params = this.form()?.read();
    if (!params) return;
    this.isWaiting.set(true);
    this.problem.set('');
    try {
      const mode = this.debug() ? 'debug' : 'run';
      const started = await this.api.call('POST instances', {
        body: { process: this.data.id, params: { ...params }, origin: 'manual', mode },
      });
      this.toasts.done('start.started', { number: started.number });
      this.dialog.close();
      await this.router.navigate(['/runs', started.id]);
    } catch (error) {
      this.problem.set(toProblem(error).message);
    } finally {
      this.isWaiting.set(false);
    }
  }
}

const toField = (param: ParamDocument): FormField => ({ ...param, required: param.required ?? false }) as FormField;
