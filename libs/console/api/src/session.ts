import { createMongoAbility, type MongoAbility, type RawRuleOf } from '@casl/ability';
import { computed, inject, Injectable, signal } from '@angular/core';
import type { UserView } from '@orderlines/contracts';
import { Api } from './api.js';
import { ApiProblem } from './problem.js';
import { SessionToken } from './session-token.js';

/** Who is logged in, and what they may do. */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly api = inject(Api);
  private readonly token = inject(SessionToken);
  private readonly known = signal<UserView | undefined>(undefined);
  private readonly ability = signal<MongoAbility>(createMongoAbility([]));

  readonly user = computed(() => (this.token.token() === undefined ? undefined : this.known()));
  /** A one-time password was used: nothing but a new one is accepted. */
  readonly mustChangePassword = computed(() => this.user()?.mustChangePassword ?? false);

  /** True when somebody is logged in; asks the server once. */
  async isOpen(): Promise<boolean> {
    if (this.user()) return true;
    if (this.token.token() === undefined && !(await this.token.renew())) return false;
    try {
      await this.getToKnow(await this.api.call('GET me'));
      return true;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return false;
      throw error;
    }
  }

  /** Logs in; `code` is that of the second factor, where one is in use. */
  async login(login: string, password: string, code?: string): Promise<void> {
    const { token, user } = await this.api.call('POST sessions', { body: { login, password, ...(code && { code }) } });
    this.token.begin(token);
    await this.getToKnow(user);
  }

  async logout(): Promise<void> {
    // The session is over here, whatever the server says to it.
    await this.api.call('DELETE sessions/current').catch(() => undefined);
    this.token.end();
  }

  /** Asks again who this is and what they may do, e.g. after a change of theirs. */
  async refresh(): Promise<void> {
    await this.getToKnow(await this.api.call('GET me'));
  }

  /** Whether there may be a thing that this may be done to; what is refused here the server refuses as well. */
  may(action: string, subject: string): boolean {
    return this.ability().can(action, subject);
  }

  private async getToKnow(user: UserView): Promise<void> {
    const rules = user.mustChangePassword ? [] : (await this.api.call('GET permissions/mine')).rules;
    this.ability.set(createMongoAbility(rules as unknown as RawRuleOf<MongoAbility>[]));
    this.known.set(user);
  }
}
