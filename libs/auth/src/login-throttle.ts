/** Failed logins that are free, and how long the next must wait. Milliseconds. */
interface Limit {
  readonly free: number;
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
}

interface Failures {
  count: number;
  lastAt: number;
}

const ACCOUNT: Limit = { free: 5, firstWaitMs: 5_000, maxWaitMs: 15 * 60_000 };
/** Many people may stand behind one address. */
const ADDRESS: Limit = { free: 20, firstWaitMs: 5_000, maxWaitMs: 15 * 60_000 };
/** Without another failure for this long, what was before is forgotten. */
const FORGET_AFTER_MS = 60 * 60_000;
/** Accounts and addresses that are remembered each; the one that failed longest ago goes first. */
const MAX_REMEMBERED = 10_000;

/** Slows down guessing of passwords: per account and per address, waits double with every failure. In memory, of one gateway. */
export class LoginThrottle {
  private readonly accounts = new Map<string, Failures>();
  private readonly addresses = new Map<string, Failures>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Milliseconds until this account may be tried from this address; 0: now. */
  waitMs(account: string, address: string): number {
    return Math.max(this.wait(this.accounts.get(account), ACCOUNT), this.wait(this.addresses.get(address), ADDRESS));
  }

  /** Remembers an attempt; to be called before it is judged, so that many at once count too. */
  attempted(account: string, address: string): void {
    this.count(this.accounts, account);
    this.count(this.addresses, address);
  }

  /** Takes the attempt back: it was the right password. */
  succeeded(account: string, address: string): void {
    this.accounts.delete(account);
    const failures = this.addresses.get(address);
    if (failures) failures.count -= 1;
  }

  private wait(failures: Failures | undefined, limit: Limit): number {
    if (failures === undefined || failures.count < limit.free) return 0;
    const wait = Math.min(limit.firstWaitMs * 2 ** (failures.count - limit.free), limit.maxWaitMs);
    return Math.max(0, failures.lastAt + wait - this.now());
  }

  private count(remembered: Map<string, Failures>, key: string): void {
    const now = this.now();
    const known = remembered.get(key);
    const count = known !== undefined && now - known.lastAt < FORGET_AFTER_MS ? known.count : 0;
    // Set anew, so that the order of the map is the order of the last failures.
    remembered.delete(key);
    remembered.set(key, { count: count + 1, lastAt: now });
    const oldest = remembered.keys().next();
    if (remembered.size > MAX_REMEMBERED && !oldest.done) remembered.delete(oldest.value);
  }
}
