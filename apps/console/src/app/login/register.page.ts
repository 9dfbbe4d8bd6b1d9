import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { MIN_PASSWORD_LENGTH } from '@orderlines/contracts';
import { Api, toProblem } from '@orderlines/console/api';
import { Language } from '@orderlines/console/ui';
import { Preferences } from '../shell/preferences.js';

/** Where people register themselves, as far as that is allowed; somebody has to let them in then. */
@Component({
  selector: 'ol-register',
  imports: [Preferences, RouterLink, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './register.page.html',
  styleUrl: './login.page.scss',
})
export class RegisterPage {
  private readonly api = inject(Api);
  private readonly language = inject(Language);
  private readonly transloco = inject(TranslocoService);
  protected readonly shortest = MIN_PASSWORD_LENGTH;
  protected readonly isWaiting = signal(false);
  protected readonly isDone = signal(false);
  protected readonly problem = signal('');

  protected async register(
    event: Event,
    userName: string,
    displayName: string,
    email: string,
    password: string,
    again: string,
  ): Promise<void> {
    event.preventDefault();
    this.problem.set(password === again ? '' : this.transloco.translate('profile.differs'));
    if (password !== again) return;
    this.isWaiting.set(true);
    try {
      const locale = this.language.current() === 'en' ? 'en' : 'zh';
      await this.api.call('POST registrations', { body: { userName, displayName, password, locale, ...(email && { email }) } });
      this.isDone.set(true);
    } catch (error) {
      this.problem.set(toProblem(error).message);
    } finally {
      this.isWaiting.set(false);
    }
  }
}
