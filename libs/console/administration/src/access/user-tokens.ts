import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { MAX_TOKEN_DAYS, type TokenView } from '@orderlines/contracts';
import { Api, Session } from '@orderlines/console/api';
import { reading, TimePipe, Toasts } from '@orderlines/console/ui';

/** Tokens of a service account: made here, shown once, revoked. */
@Component({
  selector: 'ol-user-tokens',
  imports: [TimePipe, TranslocoPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="card stack">
      <h2>{{ 'access.tokens' | transloco }}</h2>
      @if (made(); as token) {
        <p>{{ 'records.shownOnce' | transloco }}</p>
        <pre class="card" data-test="token">{{ token }}</pre>
      }
      <table class="table">
        <tbody>
          @for (token of tokens.value() ?? []; track token.id) {
            <tr>
              <td>
                <b>{{ token.name }}</b>
              </td>
              <td>{{ 'access.expiresAt' | transloco }} {{ token.expiresAt | olTime }}</td>
              <td>{{ 'access.lastUsedAt' | transloco }} {{ token.lastUsedAt | olTime }}</td>
              <td class="actions">
                @if (session.may('revoke', 'Token')) {
                  <button class="button quiet small danger" type="button" (click)="revoke(token)">
                    {{ 'access.revoke' | transloco }}
                  </button>
                }
              </td>
            </tr>
          } @empty {
            <tr>
              <td class="soft">{{ 'access.noTokens' | transloco }}</td>
            </tr>
          }
        </tbody>
      </table>
      @if (session.may('write', 'Token')) {
        <form class="row" (submit)="$event.preventDefault(); make(name.value, days.value)">
          <input
            #name
            class="input"
            name="tokenName"
            required
            maxlength="100"
            [placeholder]="'access.name' | transloco"
            [attr.aria-label]="'access.name' | transloco"
          />
          <input
            #days
            class="input"
            type="number"
            name="days"
            min="1"
            value="90"
            required
            [max]="longest"
            [attr.aria-label]="'access.expiresInDays' | transloco"
          />
          <button class="button" type="submit" data-action="make-token">{{ 'access.makeToken' | transloco }}</button>
        </form>
      }
    </section>
  `,
  styles: `
    form .input {
      width: 220px;
    }
    form .input[type='number'] {
      width: 100px;
    }
  `,
})
export class UserTokens {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  protected readonly session = inject(Session);
  protected readonly longest = MAX_TOKEN_DAYS;

  readonly userId = input.required<string>();
  /** The token that was made last, shown this once. */
  protected readonly made = signal('');
  protected readonly tokens = reading({
    params: () => this.userId(),
    loader: ({ params: userId, abortSignal: signal }) => this.api.call('GET users/:userId/tokens', { userId, signal }),
  });

  protected async make(name: string, days: string): Promise<void> {
    try {
      const body = { name, expiresInDays: Number(days) };
      this.made.set((await this.api.call('POST users/:userId/tokens', { userId: this.userId(), body })).token);
    } catch (error) {
      this.toasts.problem(error);
    }
    this.tokens.reload();
  }

  protected async revoke({ id }: TokenView): Promise<void> {
    try {
      await this.api.call('DELETE users/:userId/tokens/:id', { userId: this.userId(), id });
      this.toasts.done('records.removed');
    } catch (error) {
      this.toasts.problem(error);
    }
    this.tokens.reload();
  }
}
