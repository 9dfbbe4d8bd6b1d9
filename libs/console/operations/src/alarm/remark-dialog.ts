import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';

/** Asks what is to be noted with an acknowledgement. */
@Component({
  selector: 'ol-remark',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form class="dialog" (submit)="$event.preventDefault(); dialog.close(remark.value)" aria-labelledby="remark-title">
      <header>
        <h2 id="remark-title">{{ 'alarms.acknowledgeTitle' | transloco: { count } }}</h2>
      </header>
      <div class="body">
        <div class="field">
          <label for="remark">{{ 'alarms.remark' | transloco }}</label>
          <textarea #remark id="remark" class="textarea" maxlength="2000"></textarea>
        </div>
      </div>
      <footer>
        <button class="button" type="button" (click)="dialog.close()">{{ 'ui.cancel' | transloco }}</button>
        <button class="button primary" type="submit">{{ 'alarms.acknowledge' | transloco }}</button>
      </footer>
    </form>
  `,
})
export class RemarkDialog {
  protected readonly count = inject<number>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<string>>(DialogRef);
}
