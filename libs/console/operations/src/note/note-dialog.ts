import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';

/** What is about to be held, as translated texts. */
export interface NoteQuestion {
  readonly title: string;
  readonly consequence: string;
  readonly deed: string;
}

/** Asks why something is held; those who wonder later read it. */
@Component({
  selector: 'ol-note',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form class="dialog" (submit)="$event.preventDefault(); dialog.close(note.value)">
      <header>
        <h2 id="note-title">{{ question.title }}</h2>
      </header>
      <div class="body">
        <p>{{ question.consequence }}</p>
        <div class="field">
          <label for="note">{{ 'schedules.note' | transloco }}</label>
          <input #note id="note" class="input" name="note" maxlength="500" />
        </div>
      </div>
      <footer>
        <button class="button" type="button" (click)="dialog.close()">{{ 'ui.cancel' | transloco }}</button>
        <button class="button primary" type="submit">{{ question.deed }}</button>
      </footer>
    </form>
  `,
})
export class NoteDialog {
  protected readonly question = inject<NoteQuestion>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<string>>(DialogRef);
}
