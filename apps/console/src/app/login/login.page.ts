import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session, toProblem, type ApiProblem } from '@orderlines/console/api';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { Preferences } from '../shell/preferences.js';

/** Where people say who they are. */
@Component({
  selector: 'ol-login',
  imports: [NzIconDirective, Preferences, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './login.page.html',
  styleUrl: './login.page.scss',
})
export class LoginPage {
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  /** Where to go then. */
  readonly to = input<string>();
  protected readonly isWaiting = signal(false);
  /** The account has a second factor. */
  protected readonly wantsCode = signal(false);
  protected readonly problem = signal<ApiProblem | undefined>(undefined);

  protected async login(event: Event, login: string, password: string, code?: string): Promise<void> {
    event.preventDefault();
    this.isWaiting.set(true);
    this.problem.set(undefined);
    try {
      await this.session.login(login, password, code);
      if (this.session.mustChangePassword()) {
        await this.router.navigateByUrl('/profile');
        return;
      }
      // Only a path of the console itself, never an address of somewhere else.
      await this.router.navigateByUrl(/^\/(?!\/)/.test(this.to() ?? '') ? (this.to() ?? '/') : '/');
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code === 'auth.second-factor-needed') this.wantsCode.set(true);
      else this.problem.set(problem);
    } finally {
      this.isWaiting.set(false);
    }
  }
}
