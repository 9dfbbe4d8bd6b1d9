import {
  forgetLoginFailures,
  forgetOldLoginFailures,
  lockLoginFailures,
  readLoginFailures,
  setLoginFailures,
  takeBackLoginFailure,
  type FailureKind,
  type LoginFailures,
  type UserAccount,
} from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { AccountLocked, LoginThrottled } from './auth-error.js';

/** Failed logins that are free, how long the next must wait, and from how many on it is locked. Milliseconds. */
interface Limit {
  readonly free: number;
  readonly firstWaitMs: number;
  readonly locked: number;
}

/** The longest wait, and how long a lock lasts. */
const LOCKED_MS = 15 * 60_000;
const LIMITS: Readonly<Record<FailureKind, Limit>> = {
  account: { free: 5, firstWaitMs: 5_000, locked: 10 },
  // Many people may stand behind one address.
  address: { free: 20, firstWaitMs: 5_000, locked: 30 },
};
/** Without another failure for this long, what was before is forgotten. */
const FORGET_AFTER_MS = 60 * 60_000;
const FORGET_EVERY_MS = 60_000;

/** Milliseconds until the next try; 0: now. */
export const waitMs = ({ kind, count, agoMs }: Omit<LoginFailures, 'key'>): number => {
  const limit = LIMITS[kind];
  if (count < limit.free || agoMs >= FORGET_AFTER_MS) return 0;
  const wait = isLocked(kind, count) ? LOCKED_MS : Math.min(limit.firstWaitMs * 2 ** (count - limit.free), LOCKED_MS);
  return Math.max(0, wait - agoMs);
};

const isLocked = (kind: FailureKind, count: number): boolean => count >= LIMITS[kind].locked;

/** An attempt to log in, by the account it is for and where it comes from. */
export type Attempt = Readonly<Record<FailureKind, string>>;

/** Slows down guessing of passwords, per account and per address, and locks what is guessed on. Counted in the database: for all gateways. */
export class LoginThrottle {
  private forgotAt = -Infinity;

  constructor(private readonly manager: EntityManager) {}

  /**
   * Counts an attempt, before it is judged, so that many at once count too. Without a user the account is what was typed.
   * Throws {@link LoginThrottled} or {@link AccountLocked}.
   */
  async begin(user: UserAccount | null, login: string, address: string): Promise<Attempt> {
    const attempt: Attempt = { account: user ? accountKey(user.id) : `name:${login.toLowerCase()}`, address: addressKey(address) };
    await this.manager.transaction(async (transaction) => {
      const failures = await lockLoginFailures(transaction, attempt);
      for (const known of [failures.account, failures.address]) refuseEarly(known);
      for (const { kind, key, count, agoMs } of [failures.account, failures.address]) {
        await setLoginFailures(transaction, kind, key, agoMs >= FORGET_AFTER_MS ? 1 : count + 1);
      }
    });
    await this.forgetOld();
    return attempt;
  }

  /** Nothing was wrong, but it is not the end of it, either: the attempt does not count. */
  async takeBack({ account, address }: Attempt): Promise<void> {
    await takeBackLoginFailure(this.manager, 'account', account);
    await takeBackLoginFailure(this.manager, 'address', address);
  }

  /** It was the right one: what was guessed on the account before is forgotten. */
  async succeeded({ account, address }: Attempt): Promise<void> {
    await forgetLoginFailures(this.manager, account);
    await takeBackLoginFailure(this.manager, 'address', address);
  }

  /** Until when a user's account is locked; null: it is not. */
  async lockedUntil(userId: string): Promise<Date | null> {
    const known = await readLoginFailures(this.manager, accountKey(userId));
    const wait = known && isLocked('account', known.count) ? waitMs(known) : 0;
    return wait > 0 ? new Date(Date.now() + wait) : null;
  }

  /** Unlocks a user's account. */
  unlock(userId: string): Promise<void> {
    return forgetLoginFailures(this.manager, accountKey(userId));
  }

  private async forgetOld(): Promise<void> {
    if (performance.now() - this.forgotAt < FORGET_EVERY_MS) return;
    this.forgotAt = performance.now();
    await forgetOldLoginFailures(this.manager, FORGET_AFTER_MS);
  }
}

const refuseEarly = (known: LoginFailures): void => {
  const wait = waitMs(known);
  if (wait === 0) return;
  const seconds = Math.ceil(wait / 1_000);
  throw known.kind === 'account' && isLocked(known.kind, known.count) ? new AccountLocked(seconds) : new LoginThrottled(seconds);
};

const accountKey = (userId: string): string => `user:${userId}`;

/** One household has one IPv4 address, but a whole /64 of IPv6. */
export const addressKey = (address: string): string => {
  const v4 = /(\d{1,3}(\.\d{1,3}){3})$/.exec(address)?.[1];
  if (v4 !== undefined) return v4;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head.split(':').filter(Boolean);
  const behind = tail?.split(':').filter(Boolean) ?? [];
  const missing = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - behind.length) }, () => '0');
  return [...groups, ...missing, ...behind].slice(0, 4).join(':') || address;
};
