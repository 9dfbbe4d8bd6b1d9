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

  readonly user = computed(() => (this.token.token() === undefined ? undefined : this.known()));

  /** True when somebody is logged in; asks the server once. */
  async isOpen(): Promise<boolean> {
    if (this.user()) return true;
    if (this.token.token() === undefined && !(await this.token.renew())) return false;
    try {
      this.known.set(await this.api.call('GET me'));
      return true;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return false;
      throw error;
    }
  }

  async login(login: string, password: string): Promise<void> {
    const { token, user } = await this.api.call('POST sessions', { body: { login, password } });
    this.token.begin(token);
    this.known.set(user);
  }

  async logout(): Promise<void> {
    // The session is over here, whatever the server says to it.
    await this.api.call('DELETE sessions/current').catch(() => undefined);
    this.token.end();
  }

  /** True when the server would let the person do it; what it cannot know yet it allows, and the server refuses. */
  may(_action: string, _subject: string): boolean {
    return this.user() !== undefined;
  }
}
