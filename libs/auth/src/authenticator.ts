import {
  findUsableToken,
  findUser,
  findUserByLogin,
  forgetOldTokens,
  revokeApiToken,
  revokeOtherTokens,
  touchApiToken,
  type UserAccount,
} from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { replacePassword } from './accounts.js';
import { LoginThrottled, NotAuthenticated, WrongLogin, WrongPassword } from './auth-error.js';
import { LoginThrottle } from './login-throttle.js';
import { hashPassword, verifyPassword } from './password.js';
import type { Principal } from './principal.js';
import { RightsBook } from './rights-book.js';
import { hashToken, issueToken, type IssuedToken } from './token.js';

/** How long a session of a person lasts. */
export const SESSION_LASTS_MS = 7 * 24 * 3_600_000;
/** How long a token is believed without asking the database: so long a token revoked at another gateway may still be used here. */
const BELIEVED_MS = 2_000;
const MAX_BELIEVED = 10_000;
/** Passwords judged at once: each takes 64 MiB. */
const MAX_JUDGED_AT_ONCE = 4;
const MAX_WAITING = 64;
/** What a client that is told to come back because too many log in at once should wait, seconds. */
const BUSY_RETRY_SECONDS = 2;

/** Who a token belongs to. */
type Identity = Pick<Principal, 'user' | 'tokenId'>;

const unusableToken = () => new NotAuthenticated('The token has expired, was revoked, or never was one: log in again.');

/** Knows people by their password and by their tokens. */
export class Authenticator {
  private readonly believed = new Map<string, { readonly identity: Identity; readonly until: number }>();
  private readonly throttle = new LoginThrottle();
  private readonly waiting: (() => void)[] = [];
  private judging = 0;
  private unknownUserHash: Promise<string> | undefined;

  constructor(
    private readonly manager: EntityManager,
    private readonly book: RightsBook,
  ) {}

  /** Begins a session; `login` is a user name, e-mail address or phone number. Throws {@link WrongLogin} or {@link LoginThrottled}. */
  async login(login: string, password: string, address: string): Promise<IssuedToken & { readonly user: UserAccount }> {
    const account = login.trim().toLowerCase();
    const waitMs = this.throttle.waitMs(account, address);
    if (waitMs > 0) throw new LoginThrottled(Math.ceil(waitMs / 1_000));
    this.throttle.attempted(account, address);
    const user = await findUserByLogin(this.manager, login.trim());
    const right = await this.judge(password, user);
    if (!user || !right || !user.enabled) throw new WrongLogin();
    this.throttle.succeeded(account, address);
    // Every login adds a token: the same moment takes away those that nobody could use for a month.
    await forgetOldTokens(this.manager);
    return { ...(await issueToken(this.manager, user.id, 'session', SESSION_LASTS_MS)), user };
  }

  /** The one who holds this token (`Bearer <token>`). Throws {@link NotAuthenticated}. */
  async authenticate(authorization: string | undefined): Promise<Principal> {
    if (!authorization) throw new NotAuthenticated();
    const [scheme = '', token = '', ...rest] = authorization.trim().split(/ +/);
    const hash = scheme.toLowerCase() === 'bearer' && rest.length === 0 ? hashToken(token) : null;
    if (!hash) throw new NotAuthenticated('This is not a token of orderlines: log in to get one.');
    const key = hash.toString('base64');
    const known = this.believed.get(key);
    if (known !== undefined && known.until > Date.now()) return this.withRights(known.identity);
    this.believed.delete(key);
    const found = await findUsableToken(this.manager, hash);
    if (!found) throw unusableToken();
    await touchApiToken(this.manager, found.token.id);
    return this.withRights(this.believe(key, { user: found.user, tokenId: found.token.id }, found.token.expiresAt));
  }

  /** Ends a session: its token is useless from now on. */
  async logout({ tokenId }: Principal): Promise<void> {
    await revokeApiToken(this.manager, tokenId);
    for (const [key, { identity }] of this.believed) if (identity.tokenId === tokenId) this.believed.delete(key);
  }

  /**
   * Gives who asks another password and ends all their other sessions. Throws {@link WrongPassword} when `current` is not their password,
   * {@link LoginThrottled} when that is tried too often, and `PasswordRefused`.
   */
  async changePassword({ user, tokenId }: Principal, current: string, chosen: string, address: string): Promise<void> {
    const account = user.userName.toLowerCase();
    const waitMs = this.throttle.waitMs(account, address);
    if (waitMs > 0) throw new LoginThrottled(Math.ceil(waitMs / 1_000));
    this.throttle.attempted(account, address);
    if (!(await this.judge(current, await findUser(this.manager, user.id)))) throw new WrongPassword();
    this.throttle.succeeded(account, address);
    await this.manager.transaction(async (transaction) => {
      await replacePassword(transaction, user, chosen);
      await revokeOtherTokens(transaction, user.id, tokenId);
    });
    for (const [key, { identity }] of this.believed) {
      if (identity.user.id === user.id && identity.tokenId !== tokenId) this.believed.delete(key);
    }
  }

  private believe(key: string, identity: Identity, expiresAt: Date): Identity {
    if (this.believed.size >= MAX_BELIEVED) this.believed.clear();
    this.believed.set(key, { identity, until: Math.min(Date.now() + BELIEVED_MS, expiresAt.getTime()) });
    return identity;
  }

  private async withRights(identity: Identity): Promise<Principal> {
    const standing = await this.book.of(identity.user.id);
    if (!standing) throw unusableToken();
    const { holder, rights, grants } = standing;
    const roles = [...new Set(grants.flatMap(({ from }) => from.role ?? []))];
    return { ...identity, rights, roles, groups: holder.groups };
  }

  /** An unknown user takes as long as a known one. */
  private async judge(password: string, user: UserAccount | null): Promise<boolean> {
    await this.turn();
    try {
      this.unknownUserHash ??= hashPassword('nobody has this password');
      const right = await verifyPassword(password, user?.passwordHash ?? (await this.unknownUserHash));
      return right && user !== null;
    } finally {
      this.judging -= 1;
      this.waiting.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    if (this.judging >= MAX_JUDGED_AT_ONCE) {
      if (this.waiting.length >= MAX_WAITING) throw new LoginThrottled(BUSY_RETRY_SECONDS);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.judging += 1;
  }
}
