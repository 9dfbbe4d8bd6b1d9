import { Dialog } from '@angular/cdk/dialog';
import type { ComponentType } from '@angular/cdk/portal';
import { afterNextRender, inject, Injectable, Injector } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { ConfirmDialog, type Question } from './confirm-dialog.js';

/** Dialogs that are opened by name of their component and answered by a promise. */
@Injectable({ providedIn: 'root' })
export class Dialogs {
  private readonly dialog = inject(Dialog);
  private readonly injector = inject(Injector);

  /** Opens a dialog; undefined when it was left without an answer. */
  open<Answer, Data = unknown>(component: ComponentType<unknown>, data?: Data): Promise<Answer | undefined> {
    const opened = this.dialog.open<Answer, Data>(component, {
      ...(data !== undefined && { data }),
      backdropClass: 'cdk-overlay-dark-backdrop',
      ariaModal: true,
      restoreFocus: true,
    });
    // The frame around a dialog has the role; its name is the heading within.
    const name = () => {
      const frame = opened.overlayRef.overlayElement.querySelector('[role=dialog]');
      frame?.setAttribute('aria-labelledby', frame.querySelector('h2[id]')?.id ?? '');
    };
    afterNextRender({ write: name }, { injector: this.injector });
    return firstValueFrom(opened.closed, { defaultValue: undefined });
  }

  /** Asks before something that cannot be undone; the question says what will happen. */
  async confirm(question: Question): Promise<boolean> {
    return (await this.open<boolean, Question>(ConfirmDialog, question)) ?? false;
  }
}
