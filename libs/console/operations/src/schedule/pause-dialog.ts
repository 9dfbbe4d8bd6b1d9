import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';

/** Asks why a schedule is paused; those who wonder later read it. */
@Component({
  selector: 'ol-pause-schedule',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form class="dialog" (submit)="$event.preventDefault(); dialog.close(note.value)" aria-labelledby="pause-title">
      <header>
        <h2 id="pause-title">{{ 'schedules.pauseTitle' | transloco: { name } }}</h2>
      </header>
      <div class="body">
        <p>{{ 'schedules.pauseConsequence' | transloco }}</p>
        <div class="field">
          <label for="pause-note">{{ 'schedules.note' | transloco }}</label>
          <input #note id="pause-note" class="input" name="note" maxlength="500" />
        </div>
      </div>
      <footer>
        <button class="button" type="button" (click)="dialog.close()">{{ 'ui.cancel' | transloco }}</button>
        <button class="button primary" type="submit">{{ 'schedules.pause' | transloco }}</button>
      </footer>
    </form>
  `,
})
export class PauseDialog {
  protected readonly name = inject<string>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<string>>(DialogRef);
}
