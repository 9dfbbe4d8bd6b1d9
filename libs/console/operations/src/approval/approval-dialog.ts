import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ApprovalView } from '@orderlines/contracts';
import { ApprovalForm } from './approval-form.js';

/** An approval of the list, answered without leaving it. */
@Component({
  selector: 'ol-approval-dialog',
  imports: [ApprovalForm, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="dialog" aria-labelledby="approval-title">
      <header>
        <h2 id="approval-title">{{ approval.process }} #{{ approval.number }}</h2>
      </header>
      <div class="body">
        <ol-approval-form [instanceId]="approval.instanceId" [taskId]="approval.taskId" (answered)="dialog.close(true)" />
      </div>
      <footer>
        <button class="button" type="button" (click)="dialog.close(false)">{{ 'ui.close' | transloco }}</button>
      </footer>
    </section>
  `,
})
export class ApprovalDialog {
  protected readonly approval = inject<ApprovalView>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<boolean>>(DialogRef);
}
