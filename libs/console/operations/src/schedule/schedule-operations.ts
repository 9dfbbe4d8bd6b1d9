import { inject, Injectable } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import type { ScheduleView } from '@orderlines/contracts';
import { Api } from '@orderlines/console/api';
import { Dialogs, Toasts } from '@orderlines/console/ui';
import { NoteDialog, type NoteQuestion } from '../note/note-dialog.js';
import { BackfillDialog } from './backfill-dialog.js';
import { ScheduleDialog, type ScheduleDialogData } from './schedule-dialog.js';

/** What can be done to a schedule, from its list and its page; each tells whether it was done. */
@Injectable({ providedIn: 'root' })
export class ScheduleOperations {
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);

  /** Makes or changes a schedule; gives it when it was stored. */
  write(data: ScheduleDialogData): Promise<ScheduleView | undefined> {
    return this.dialogs.open<ScheduleView, ScheduleDialogData>(ScheduleDialog, data);
  }

  /** Wants a run beside the plan. */
  run({ id, name }: ScheduleView): Promise<boolean> {
    return this.toasts.tell(() => this.api.call('POST schedules/:id/run', { id, body: {} }), 'schedules.ran', { name });
  }

  /** Asks why, and fires nothing until it is resumed. */
  async pause({ id, name }: ScheduleView): Promise<boolean> {
    const note = await this.dialogs.open<string, NoteQuestion>(NoteDialog, {
      title: this.transloco.translate<string>('schedules.pauseTitle', { name }),
      consequence: this.transloco.translate<string>('schedules.pauseConsequence'),
      deed: this.transloco.translate<string>('schedules.pause'),
    });
    if (note === undefined) return false;
    return this.toasts.tell(() => this.api.call('POST schedules/:id/pause', { id, body: { note } }), 'schedules.paused', { name });
  }

  resume({ id, name }: ScheduleView): Promise<boolean> {
    return this.toasts.tell(() => this.api.call('POST schedules/:id/resume', { id, body: {} }), 'schedules.resumed', { name });
  }

  /** Runs slots of the past, after a look at which they are. */
  async backfill(schedule: ScheduleView): Promise<boolean> {
    return (await this.dialogs.open<boolean, ScheduleView>(BackfillDialog, schedule)) ?? false;
  }

  async remove({ id, name }: ScheduleView): Promise<boolean> {
    const question = {
      title: this.transloco.translate<string>('schedules.removeTitle', { name }),
      consequence: this.transloco.translate<string>('schedules.removeConsequence'),
      deed: this.transloco.translate<string>('schedules.remove'),
      dangerous: true,
    };
    if (!(await this.dialogs.confirm(question))) return false;
    return this.toasts.tell(() => this.api.call('DELETE schedules/:id', { id }), 'schedules.removed', { name });
  }
}
