import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api, Session, toProblem } from '@orderlines/console/api';
import { Toasts } from '@orderlines/console/ui';

const SHORTEST_PASSWORD = 10;

/** Who is logged in, and their password. */
@Component({
  selector: 'ol-profile',
  imports: [TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page' },
  templateUrl: './profile.page.html',
  styles: `
    .card {
      display: flex;
      flex-direction: column;
      gap: 14px;
      max-width: 520px;
    }
    button {
      align-self: flex-start;
    }
  `,
})
export class ProfilePage {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  protected readonly session = inject(Session);
  protected readonly shortest = SHORTEST_PASSWORD;
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
