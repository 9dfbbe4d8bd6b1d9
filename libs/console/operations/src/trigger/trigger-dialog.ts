import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import {
  SIGNATURE_STYLES,
  TRIGGER_KINDS,
  type FormField,
  type Json,
  type TriggerView,
  type TriggerWithAddress,
} from '@orderlines/contracts';
import { Api, toProblem } from '@orderlines/console/api';
import { ChoiceField, TextField, Toasts } from '@orderlines/console/ui';
import { wantedProcess } from '../process/wanted-process.js';
import {
  ABSENCE_KINDS,
  draftOf,
  EVENT_WAYS,
  newDraft,
  paramValue,
  settingsOf,
  type TriggerDraft,
  type TriggerWritten,
} from './trigger-draft.js';

/** Which trigger is changed; without one a new one is made, of a process where one is given. */
export interface TriggerDialogData {
  readonly trigger?: TriggerView;
  readonly process?: string;
}

/** The form of a trigger. */
@Component({
  selector: 'ol-trigger-dialog',
  imports: [ChoiceField, TextField, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './trigger-dialog.html',
  styleUrls: ['../form-parts.scss', './trigger-dialog.scss'],
})
export class TriggerDialog {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly data = inject<TriggerDialogData>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<TriggerWithAddress>>(DialogRef);
  protected readonly kinds = TRIGGER_KINDS;
  protected readonly styles = SIGNATURE_STYLES;
  protected readonly ways = EVENT_WAYS;
  protected readonly absences = ABSENCE_KINDS;
  private readonly zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  protected readonly draft = signal<TriggerDraft>(
    this.data.trigger ? draftOf(this.data.trigger, this.zone) : newDraft(this.zone, this.data.process),
  );
  protected readonly problem = signal('');
  protected readonly isWaiting = signal(false);

  protected readonly process = wantedProcess(computed(() => this.draft().process));
  protected readonly fields = computed(() => (this.process.params() ?? []) as readonly FormField[]);

  /** Whether several events are judged together, and so have to belong together. */
  protected readonly belongsTogether = computed(() => {
    const { way, absence } = this.draft();
    return way === 'debounce' || (way === 'absence' && absence === 'after');
  });

  protected write(written: TriggerWritten): void {
    this.draft.update((draft) => ({ ...draft, ...written }));
  }

  protected writeParam(name: string, text: string): void {
    this.write({ params: { ...this.draft().params, [name]: text } });
  }

  protected defaultOf({ default: value }: FormField): string {
    return value === undefined ? '' : JSON.stringify(value);
  }

  protected async save(): Promise<void> {
    this.problem.set('');
    const params = this.params();
    if (!params) return;
    this.isWaiting.set(true);
    try {
      const saved = await this.store(params);
      this.toasts.done('triggers.saved', { name: saved.name });
      this.dialog.close(saved);
    } catch (error) {
      const { message, details } = toProblem(error);
      this.problem.set([message, ...(details.errors ?? []).map((one) => `${one.path}: ${one.message}`)].join('\n'));
    } finally {
      this.isWaiting.set(false);
    }
  }

  /** Params as they are written; those that are stored while the process is not known. Undefined, with a problem, when one is wrong. */
  private params(): Record<string, Json> | undefined {
    if (!this.process.params()) return { ...(this.data.trigger?.params as Record<string, Json> | undefined) };
    const params: Record<string, Json> = {};
    for (const field of this.fields()) {
      const text = this.draft().params[field.name] ?? '';
      if (text.trim() === '') continue;
      try {
        params[field.name] = paramValue(field, text);
      } catch {
        this.problem.set(`${field.title ?? field.name}: ${this.transloco.translate<string>(`form.not.${field.type}`)}`);
        return undefined;
      }
    }
    return params;
  }

  private store(params: Record<string, Json>): Promise<TriggerWithAddress> {
    const settings = settingsOf(this.draft(), params);
    const { namespace, name } = this.draft();
    if (this.data.trigger) return this.api.call('PUT triggers/:id', { id: this.data.trigger.id, body: settings });
    return this.api.call('POST triggers', { body: { namespace: namespace.trim(), name: name.trim(), ...settings } });
  }
}
