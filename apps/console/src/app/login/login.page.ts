import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api, API, Session, toProblem, type ApiProblem } from '@orderlines/console/api';
import { reading } from '@orderlines/console/ui';
import { NzIconDirective } from 'ng-zorro-antd/icon';
import { Preferences } from '../shell/preferences.js';

/** Where people say who they are. */
@Component({
  selector: 'ol-login',
  imports: [NzIconDirective, Preferences, RouterLink, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './login.page.html',
  styleUrl: './login.page.scss',
})
export class LoginPage {
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  /** Where to go then. */
  readonly to = input<string>();
  /** Code of why the OIDC provider's answer was refused. */
  readonly problem = input<string>();
  protected readonly methods = reading({ loader: ({ abortSignal: signal }) => this.api.call('GET sessions/methods', { signal }) });
  // Only a path of the console itself, never an address of somewhere else.
  private readonly target = computed(() => (/^\/(?!\/)/.test(this.to() ?? '') ? (this.to() ?? '/') : '/'));
  protected readonly oidcAddress = computed(() => `${API}sessions/oidc?return_to=${encodeURIComponent(this.target())}`);
  protected readonly isWaiting = signal(false);
  /** The account has a second factor. */
  protected readonly wantsCode = signal(false);
  protected readonly failure = signal<ApiProblem | undefined>(undefined);

  protected async login(event: Event, login: string, password: string, code?: string): Promise<void> {
    event.preventDefault();
    this.isWaiting.set(true);
    this.failure.set(undefined);
    try {
      await this.session.login(login, password, code);
      if (this.session.mustChangePassword()) {
        await this.router.navigateByUrl('/profile');
        return;
      }
      await this.router.navigateByUrl(this.target());
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code === 'auth.second-factor-needed') this.wantsCode.set(true);
      else this.failure.set(problem);
    } finally {
      this.isWaiting.set(false);
    }
  }
}
