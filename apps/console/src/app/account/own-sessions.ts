import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api, Session } from '@orderlines/console/api';
import { Dialogs, reading, TimePipe, Toasts } from '@orderlines/console/ui';

/** Where one is logged in, to be ended one by one or all at once. */
@Component({
  selector: 'ol-own-sessions',
  imports: [RouterLink, TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card stack">
      <h2>{{ 'profile.sessions' | transloco }}</h2>
      <ul>
        @for (one of sessions.value() ?? []; track one.id) {
          <li data-test="own-session">
            <div>
              <b>{{ one.address }}</b>
              @if (one.current) {
                <span class="tag success">{{ 'profile.here' | transloco }}</span>
              }
              @if (one.method === 'oidc') {
                <span class="tag">OIDC</span>
              }
              <p class="soft cut" [title]="one.userAgent">{{ one.userAgent }}</p>
              <p class="soft">{{ 'profile.lastUsed' | transloco }} {{ one.lastUsedAt | olTime }}</p>
            </div>
            @if (!one.current) {
              <button class="button small" type="button" (click)="end(one.id)">{{ 'profile.endSession' | transloco }}</button>
            }
          </li>
        }
      </ul>
      <div class="row">
        <button class="button danger" type="button" (click)="endAll()" data-action="log-out-everywhere">
          {{ 'profile.endAll' | transloco }}
        </button>
        <a routerLink="/tokens">{{ 'nav.tokens' | transloco }}</a>
      </div>
    </section>
  `,
  styles: `
    ul {
      display: flex;
      flex-direction: column;
      gap: 12px;
      padding: 0;
      margin: 0;
      list-style: none;
    }
    li {
      display: flex;
      gap: 12px;
      align-items: center;
      justify-content: space-between;
    }
    li div {
      min-width: 0;
    }
    .tag {
      margin-left: 8px;
    }
  `,
})
export class OwnSessions {
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly sessions = reading({ loader: ({ abortSignal: signal }) => this.api.call('GET me/sessions', { signal }) });

  protected async end(id: string): Promise<void> {
    try {
      await this.api.call('DELETE me/sessions/:id', { id });
      this.toasts.done('profile.sessionEnded');
    } catch (error) {
      this.toasts.problem(error);
    }
    this.sessions.reload();
  }

  protected async endAll(): Promise<void> {
    const question = {
      title: this.transloco.translate<string>('profile.endAllTitle'),
      consequence: this.transloco.translate<string>('profile.endAllConsequence'),
      deed: this.transloco.translate<string>('profile.endAll'),
      dangerous: true,
    };
    if (!(await this.dialogs.confirm(question))) return;
    try {
      await this.api.call('DELETE me/sessions');
      await this.session.logout();
      await this.router.navigateByUrl('/login');
    } catch (error) {
      this.toasts.problem(error);
    }
  }
}
