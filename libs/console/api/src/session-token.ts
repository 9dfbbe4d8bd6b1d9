import { Injectable, signal } from '@angular/core';
import type { Session } from '@orderlines/contracts';

const KEPT_AS = 'orderlines.session';
const LOCK = 'orderlines.refresh';

/** The token that proves who is asking; survives a reload of its tab, and no more. */
@Injectable({ providedIn: 'root' })
export class SessionToken {
  private readonly held = signal(sessionStorage.getItem(KEPT_AS) ?? undefined);
  readonly token = this.held.asReadonly();

  begin(token: string): void {
    sessionStorage.setItem(KEPT_AS, token);
    this.held.set(token);
  }

  end(): void {
    sessionStorage.removeItem(KEPT_AS);
    this.held.set(undefined);
  }

  /**
   * A fresh token in place of one that has run out, for the refresh token that the browser keeps where no script reads it; false when there is
   * none to be had. A refresh token is good for one exchange, so tabs take turns.
   */
  renew(): Promise<boolean> {
    const before = this.held();
    return navigator.locks.request(LOCK, async () => {
      if (this.held() !== before) return true;
      const answer = await fetch('/api/v1/sessions/refresh', { method: 'POST' }).catch(() => undefined);
      if (!answer?.ok) return false;
      this.begin(((await answer.json()) as Session).token);
      return true;
    });
  }
}
