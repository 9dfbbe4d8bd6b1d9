/** How many wrong passwords are answered before the door stays shut for a while. */
export interface ThrottleLimits {
  /** Failures within the window. */
  readonly failures: number;
  readonly windowMs: number;
  /** Names and addresses that are remembered at most. */
  readonly remembered: number;
}

const DEFAULT: ThrottleLimits = { failures: 10, windowMs: 5 * 60_000, remembered: 10_000 };

/** Counts failed logins by name and by address, in bounded memory. */
export class LoginThrottle {
  private readonly failures = new Map<string, number[]>();

  constructor(
    private readonly limits: ThrottleLimits = DEFAULT,
    private readonly now: () => number = Date.now,
  ) {}

  /** Milliseconds until another try of any of these keys is answered; 0: now. */
  waitMs(...keys: string[]): number {
    return Math.max(0, ...keys.map((key) => this.waitOf(key)));
  }

  /** Remembers a failed try. */
  failed(...keys: string[]): void {
    for (const key of keys) {
      const recent = [...this.recent(key), this.now()].slice(-this.limits.failures);
      this.failures.delete(key);
      this.failures.set(key, recent);
      const oldest = this.failures.keys().next();
      if (this.failures.size > this.limits.remembered && !oldest.done) this.failures.delete(oldest.value);
    }
  }

  /** Forgets what failed before. */
  succeeded(...keys: string[]): void {
    for (const key of keys) this.failures.delete(key);
  }

  private waitOf(key: string): number {
    const recent = this.recent(key);
    const first = recent[0];
    return recent.length < this.limits.failures || first === undefined ? 0 : first + this.limits.windowMs - this.now();
  }

  private recent(key: string): number[] {
    const since = this.now() - this.limits.windowMs;
    return (this.failures.get(key) ?? []).filter((at) => at > since);
  }
}
