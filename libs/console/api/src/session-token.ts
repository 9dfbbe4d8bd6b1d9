import { Injectable, signal } from '@angular/core';
import type { Session } from '@orderlines/contracts';

const NAME = 'orderlines.session';
const REFRESH = '/api/v1/sessions/refresh';

/** What tabs tell each other of their common session. */
type Word = { readonly token: string } | { readonly ended: true };

/**
 * The access token, held in memory only. What makes a new one is in a cookie that no script reads; tabs take turns with it, for a refresh token
 * that is shown twice ends the session.
 */
@Injectable({ providedIn: 'root' })
export class SessionToken {
  private readonly channel = new BroadcastChannel(NAME);
  private readonly held = signal<string | undefined>(undefined);
  readonly token = this.held.asReadonly();

  constructor() {
    this.channel.onmessage = ({ data }: MessageEvent<Word>) => this.held.set('token' in data ? data.token : undefined);
  }

  begin(token: string): void {
    this.held.set(token);
    this.channel.postMessage({ token } satisfies Word);
  }

  end(): void {
    this.held.set(undefined);
    this.channel.postMessage({ ended: true } satisfies Word);
  }

  /** A fresh token in place of one that has run out; false when there is none to be had. */
  renew(): Promise<boolean> {
    const old = this.held();
    return navigator.locks.request(NAME, async () => {
      // Another tab was faster.
      if (this.held() !== old && this.held() !== undefined) return true;
      const answer = await fetch(REFRESH, { method: 'POST' }).catch(() => undefined);
      if (!answer?.ok) return false;
      this.begin(((await answer.json()) as Session).token);
      return true;
    });
  }
}
