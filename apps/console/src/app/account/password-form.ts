import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { MIN_PASSWORD_LENGTH } from '@orderlines/contracts';
import { Api, Session, toProblem } from '@orderlines/console/api';
import { Toasts } from '@orderlines/console/ui';

/** Changes one's own password. */
@Component({
  selector: 'ol-password-form',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './password-form.html',
  styles: `
    .button {
      align-self: flex-start;
    }
  `,
})
export class PasswordForm {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  protected readonly session = inject(Session);
  protected readonly shortest = MIN_PASSWORD_LENGTH;
  protected readonly problem = signal('');
  protected readonly isWaiting = signal(false);

  protected async changePassword(
    event: Event,
    current: HTMLInputElement,
    chosen: HTMLInputElement,
    again: HTMLInputElement,
  ): Promise<void> {
    event.preventDefault();
    this.problem.set('');
    if (chosen.value !== again.value) {
      again.setAttribute('aria-invalid', 'true');
      return;
    }
    this.isWaiting.set(true);
    try {
      await this.api.call('PUT me/password', { body: { current: current.value, new: chosen.value } });
      for (const field of [current, chosen, again]) field.value = '';
      this.toasts.done('profile.changed');
      await this.session.refresh();
    } catch (error) {
      this.problem.set(toProblem(error).message);
    } finally {
      this.isWaiting.set(false);
    }
  }
}
