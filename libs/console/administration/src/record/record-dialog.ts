import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject, signal, viewChild } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { FormField } from '@orderlines/contracts';
import { toProblem } from '@orderlines/console/api';
import { FieldsForm, type FormValues } from '@orderlines/console/ui';

/** What is made or changed. */
export interface RecordData {
  readonly title: string;
  readonly fields: readonly FormField[];
  readonly save: (values: FormValues) => Promise<string | void>;
}

/** The form of a record; stays open while something is wrong with it. */
@Component({
  selector: 'ol-record-dialog',
  imports: [FieldsForm, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form class="dialog" (submit)="$event.preventDefault(); save()" aria-labelledby="record-title">
      <header>
        <h2 id="record-title">{{ data.title }}</h2>
      </header>
      <div class="body">
        @if (problem(); as problem) {
          <div class="notice error" role="alert">{{ problem }}</div>
        }
        @if (told(); as text) {
          <p>{{ 'records.shownOnce' | transloco }}</p>
          <pre class="card" data-test="told">{{ text }}</pre>
        } @else {
          <ol-fields-form [fields]="fields" />
        }
      </div>
      <footer>
        @if (told()) {
          <button class="button primary" type="button" (click)="dialog.close(true)">{{ 'ui.close' | transloco }}</button>
        } @else {
          <button class="button" type="button" (click)="dialog.close(false)">{{ 'ui.cancel' | transloco }}</button>
          <button class="button primary" type="submit" [disabled]="isWaiting()">{{ 'records.save' | transloco }}</button>
        }
      </footer>
    </form>
  `,
})
export class RecordDialog {
  private readonly transloco = inject(TranslocoService);
  protected readonly data = inject<RecordData>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<boolean>>(DialogRef);
  protected readonly fields = this.data.fields.map((field) => ({
    ...field,
    title: this.transloco.translate<string>(field.title ?? field.name),
    ...(field.description && { description: this.transloco.translate<string>(field.description) }),
  }));
  protected readonly problem = signal('');
  protected readonly told = signal('');
  protected readonly isWaiting = signal(false);
  private readonly form = viewChild(FieldsForm);

  protected async save(): Promise<void> {
    const values = this.form()?.read();
    if (!values) return;
    this.isWaiting.set(true);
    this.problem.set('');
    try {
      const told = await this.data.save(values);
      if (told) this.told.set(told);
      else this.dialog.close(true);
    } catch (error) {
      const { message, details } = toProblem(error);
      this.problem.set([message, ...(details.errors ?? []).map((one) => `${one.path}: ${one.message}`)].join('\n'));
    } finally {
      this.isWaiting.set(false);
    }
  }
}
