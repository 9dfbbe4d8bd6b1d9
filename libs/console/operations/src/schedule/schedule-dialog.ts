import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { DST_RULES, MISSED_POLICIES, OVERLAP_POLICIES, type FormField, type Json, type ScheduleView } from '@orderlines/contracts';
import { Api, toProblem } from '@orderlines/console/api';
import { ChoiceField, FieldsForm, TextField, Toasts, type FormValues } from '@orderlines/console/ui';
import { wantedProcess } from '../process/wanted-process.js';
import { draftOf, newDraft, planOf, settingsOf, type ScheduleDraft, type ScheduleWritten } from './schedule-draft.js';
import { SchedulePreview } from './schedule-preview.js';

/** Which schedule is changed; without one a new one is made, of a process where one is given. */
export interface ScheduleDialogData {
  readonly schedule?: ScheduleView;
  readonly process?: string;
}

/** The form of a schedule, with the times it would fire at beside it. */
@Component({
  selector: 'ol-schedule-dialog',
  imports: [ChoiceField, FieldsForm, SchedulePreview, TextField, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './schedule-dialog.html',
  styleUrls: ['../form-parts.scss', './schedule-dialog.scss'],
})
export class ScheduleDialog {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  protected readonly data = inject<ScheduleDialogData>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<ScheduleView>>(DialogRef);
  protected readonly types = ['cron', 'interval', 'date'] as const;
  protected readonly rules = DST_RULES;
  protected readonly overlaps = OVERLAP_POLICIES;
  protected readonly missedPolicies = MISSED_POLICIES;
  protected readonly zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  protected readonly draft = signal<ScheduleDraft>(
    this.data.schedule ? draftOf(this.data.schedule) : newDraft(Intl.DateTimeFormat().resolvedOptions().timeZone, this.data.process),
  );
  protected readonly plan = computed(() => planOf(this.draft()));
  protected readonly problem = signal('');
  protected readonly isWaiting = signal(false);
  private readonly form = viewChild(FieldsForm);

  protected readonly process = wantedProcess(computed(() => this.draft().process));
  private readonly params = computed(() => this.process.params() ?? []);
  protected readonly fields = computed<readonly FormField[]>(() => {
    const stored = this.data.schedule?.params ?? {};
    return this.params().map((param) => ({ ...param, required: param.required ?? false, ...kept(stored, param.name) }) as FormField);
  });

  protected write(written: ScheduleWritten): void {
    this.draft.update((draft) => ({ ...draft, ...written }));
  }

  protected async save(): Promise<void> {
    const form = this.form();
    const values = form ? form.read() : {};
    if (!values) return;
    this.isWaiting.set(true);
    this.problem.set('');
    try {
      const saved = await this.store(this.chosen(values));
      this.toasts.done('schedules.saved', { name: saved.name });
      this.dialog.close(saved);
    } catch (error) {
      this.problem.set(error instanceof SyntaxError ? error.message : toProblem(error).message);
    } finally {
      this.isWaiting.set(false);
    }
  }

  /** What differs from the default of a param: what does not goes on following the process. */
  private chosen(values: FormValues): Record<string, Json> {
    const defaults = new Map(this.params().map((param) => [param.name, JSON.stringify(param.default)]));
    return Object.fromEntries(Object.entries(values).filter(([name, value]) => defaults.get(name) !== JSON.stringify(value)));
  }

  private store(params: Record<string, Json>): Promise<ScheduleView> {
    const settings = settingsOf(this.draft(), params);
    const { namespace, name } = this.draft();
    if (this.data.schedule) return this.api.call('PUT schedules/:id', { id: this.data.schedule.id, body: settings });
    return this.api.call('POST schedules', { body: { namespace: namespace.trim(), name: name.trim(), ...settings } });
  }
}

const kept = (stored: Readonly<Record<string, unknown>>, name: string): Partial<FormField> =>
  stored[name] === undefined ? {} : { default: stored[name] as Json };
