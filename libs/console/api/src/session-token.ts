import { Injectable, signal } from '@angular/core';

const KEPT_AS = 'orderlines.session';

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

  /** A fresh token in place of one that has run out; false when there is none to be had. */
  async renew(): Promise<boolean> {
    return false;
  }
}
