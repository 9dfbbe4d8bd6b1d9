import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { NzIconDirective } from 'ng-zorro-antd/icon';

/** What is asked, in words that are translated already. */
export interface Question {
  readonly title: string;
  /** What will happen. */
  readonly consequence: string;
  /** What the button says: the deed, not "OK". */
  readonly deed: string;
  /** True: it destroys something. */
  readonly dangerous?: boolean;
}

/** Asks before something is done. */
@Component({
  selector: 'ol-confirm',
  imports: [NzIconDirective, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="dialog" aria-labelledby="confirm-title" aria-describedby="confirm-consequence">
      <header>
        <nz-icon [nzType]="question.dangerous ? 'warning' : 'question-circle'" aria-hidden="true" [class.dangerous]="question.dangerous" />
        <h2 id="confirm-title">{{ question.title }}</h2>
      </header>
      <div class="body">
        <p id="confirm-consequence">{{ question.consequence }}</p>
      </div>
      <footer>
        <button class="button" type="button" (click)="answer(false)" cdkFocusInitial>{{ 'ui.cancel' | transloco }}</button>
        <button
          class="button"
          type="button"
          [class.primary]="!question.dangerous"
          [class.danger]="question.dangerous"
          (click)="answer(true)"
        >
          {{ question.deed }}
        </button>
      </footer>
    </section>
  `,
  styles: `
    .dangerous {
      color: var(--danger);
    }
  `,
})
export class ConfirmDialog {
  protected readonly question = inject<Question>(DIALOG_DATA);
  private readonly dialog = inject<DialogRef<boolean>>(DialogRef);

  protected answer(yes: boolean): void {
    this.dialog.close(yes);
  }
}
