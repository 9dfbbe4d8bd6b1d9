import {
  audit,
  beginLoginSession,
  endLoginSessions,
  exchangeRefreshToken,
  findUser,
  findUserByLogin,
  forgetOldSessions,
  forgetOldTokens,
  revokeApiToken,
  revokeApiTokens,
  type LoginMethod,
  type SessionPlace,
  type UserAccount,
} from '@orderlines/persistence';
import { describeRequest } from '@orderlines/service-host';
import type { EntityManager } from 'typeorm';
import { replacePassword } from './accounts.js';
import {
  PasswordRefused,
  RefreshTokenReused,
  SecondFactorNeeded,
  SessionEnded,
  WrongLogin,
  WrongPassword,
  WrongSecondFactor,
} from './auth-error.js';
import type { Authenticator } from './authenticator.js';
import type { LoginThrottle } from './login-throttle.js';
import { PasswordJudge } from './password-judge.js';
import type { Principal } from './principal.js';
import type { SecondFactors } from './second-factors.js';
import { hashRefreshToken, issueToken, makeRefreshToken, type IssuedToken } from './token.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How long an access token of a session can be used. */
const ACCESS_LASTS_MS = 15 * MINUTE_MS;
/** A session that is not used for this long ends; so it does after {@link SESSION_LASTS_MS}, whatever is done. */
const SESSION_IDLE_MS = 7 * DAY_MS;
const SESSION_LASTS_MS = 30 * DAY_MS;

/** A session that has begun or goes on. */
export interface LoggedIn extends IssuedToken {
  readonly user: UserAccount;
  /** For a cookie that no script reads. */
  readonly refreshToken: string;
  /** When the refresh token is of no use any more. */
  readonly sessionExpiresAt: Date;
}

/** What somebody shows to log in. */
export interface Credentials {
  /** User name, e-mail address or phone number. */
  readonly login: string;
  readonly password: string;
  /** A code of the authenticator app, or a recovery code. */
  readonly code?: string | undefined;
}

/** Sessions of people, from login to logout. */
export class Logins {
  private readonly judge = new PasswordJudge();

  constructor(
    private readonly manager: EntityManager,
    private readonly authenticator: Authenticator,
    private readonly throttle: LoginThrottle,
    private readonly secondFactors: SecondFactors,
  ) {}

  /** Begins a session. Throws {@link WrongLogin}, {@link SecondFactorNeeded}, {@link WrongSecondFactor} or `LoginThrottled`. */
  async login({ login, password, code }: Credentials, place: SessionPlace): Promise<LoggedIn> {
    const user = await findUserByLogin(this.manager, login.trim());
    const attempt = await this.throttle.begin(user, login.trim(), place.address);
    const isRight = await this.judge.isRight(password, user);
    if (!user || !isRight || !user.enabled) throw new WrongLogin();
    if (await this.secondFactors.isInUse(user.id)) {
      if (code === undefined) {
        await this.throttle.takeBack(attempt);
        throw new SecondFactorNeeded();
      }
      if (!(await this.secondFactors.take(user.id, code))) throw new WrongSecondFactor();
    }
    await this.throttle.succeeded(attempt);
    return this.begin(user, 'password', place);
  }

  /** Begins the session of somebody who has shown who they are. */
  async begin(user: UserAccount, method: LoginMethod, place: SessionPlace): Promise<LoggedIn> {
    // Every login adds rows: the same moment takes away those that nobody could use for a month.
    await forgetOldSessions(this.manager);
    await forgetOldTokens(this.manager);
    const { refreshToken, refreshHash } = makeRefreshToken();
    describeRequest({ actor: user.userName });
    return this.manager.transaction(async (transaction) => {
      const limits = { idleMs: SESSION_IDLE_MS, lastsMs: SESSION_LASTS_MS };
      const session = await beginLoginSession(transaction, { userId: user.id, method, refreshHash, ...place, ...limits });
      const subject = { kind: 'Session', id: session.id, name: user.userName };
      await audit.record(transaction, { action: 'login', subject, actor: user.userName, after: { method, ...place } });
      return { ...(await accessToken(transaction, user.id, session.id)), user, refreshToken, sessionExpiresAt: session.expiresAt };
    });
  }

  /**
   * Exchanges a refresh token for the next one and an access token. One that is shown twice ends its session everywhere.
   * Throws {@link SessionEnded} or {@link RefreshTokenReused}.
   */
  async refresh(shown: string | undefined, place: SessionPlace): Promise<LoggedIn> {
    const hash = shown === undefined ? null : hashRefreshToken(shown);
    if (!hash) throw new SessionEnded();
    const { refreshToken, refreshHash } = makeRefreshToken();
    const result = await this.manager.transaction(async (transaction) => {
      const exchange = await exchangeRefreshToken(transaction, hash, { ...place, refreshHash, idleMs: SESSION_IDLE_MS });
      if (exchange.outcome === 'reused') await recordReuse(transaction, exchange.session, place);
      if (exchange.outcome !== 'exchanged') return exchange;
      const { id, userId, expiresAt } = exchange.session;
      const user = await findUser(transaction, userId);
      if (!user?.enabled) return { outcome: 'unknown' } as const;
      const issued = await accessToken(transaction, userId, id);
      return { outcome: 'exchanged', loggedIn: { ...issued, user, refreshToken, sessionExpiresAt: expiresAt } } as const;
    });
    if (result.outcome === 'exchanged') {
      describeRequest({ actor: result.loggedIn.user.userName });
      return result.loggedIn;
    }
    if (result.outcome === 'unknown') throw new SessionEnded();
    this.authenticator.forget(result.session.userId);
    throw new RefreshTokenReused();
  }

  /** Ends the session that the token belongs to; a token without one is revoked itself. */
  async logout({ user, tokenId, sessionId }: Principal): Promise<void> {
    await this.manager.transaction(async (transaction) => {
      if (sessionId === null) await revokeApiToken(transaction, tokenId);
      else await endLoginSessions(transaction, { userId: user.id, id: sessionId }, 'logout');
      const subject = { kind: sessionId === null ? 'Token' : 'Session', id: sessionId ?? tokenId, name: user.userName };
      await audit.record(transaction, { action: 'logout', subject, before: { live: true }, after: { live: false } });
    });
    this.authenticator.forget(user.id);
  }

  /** Ends sessions of a user: one, or all, or all but one; answers with their number. */
  async end(
    { id: userId, userName }: Pick<UserAccount, 'id' | 'userName'>,
    choice: { readonly id?: string; readonly but?: string | undefined },
    why: 'logout' | 'revoked' | 'disabled',
  ): Promise<number> {
    const ended = await this.manager.transaction(async (transaction) => {
      const sessions = await endLoginSessions(transaction, { userId, ...choice }, why);
      const subject = { kind: 'User', id: userId, name: userName };
      await audit.record(transaction, { action: 'end-sessions', subject, before: { sessions, ...choice }, after: { sessions: 0 } });
      return sessions;
    });
    this.authenticator.forget(userId);
    return ended;
  }

  /**
   * Gives who asks another password and ends all their other sessions and logins of the command line. Throws {@link WrongPassword} when
   * `current` is not their password, `LoginThrottled` when that is tried too often, and {@link PasswordRefused}.
   */
  async changePassword({ user, tokenId, sessionId }: Principal, current: string, chosen: string, address: string): Promise<void> {
    await this.requirePassword(user, current, address);
    if (current.normalize('NFKC') === chosen.normalize('NFKC')) throw new PasswordRefused([SAME_PASSWORD]);
    await this.manager.transaction(async (transaction) => {
      await replacePassword(transaction, user, chosen);
      const sessions = await endLoginSessions(transaction, { userId: user.id, but: sessionId ?? undefined }, 'password');
      await revokeApiTokens(transaction, { userId: user.id, kinds: ['login'] }, tokenId);
      const subject = { kind: 'User', id: user.id, name: user.userName };
      const before = { mustChangePassword: user.mustChangePassword, otherSessions: sessions };
      await audit.record(transaction, {
        action: 'change-password',
        subject,
        before,
        after: { mustChangePassword: false, otherSessions: 0 },
      });
    });
    this.authenticator.forget(user.id);
  }

  /** Refuses who does not know the password of the user. Throws {@link WrongPassword} or `LoginThrottled`. */
  async requirePassword({ id, userName }: Pick<UserAccount, 'id' | 'userName'>, password: string, address: string): Promise<void> {
    const user = await findUser(this.manager, id);
    const attempt = await this.throttle.begin(user, userName, address);
    if (!(await this.judge.isRight(password, user))) throw new WrongPassword();
    await this.throttle.succeeded(attempt);
  }
}

const SAME_PASSWORD = { code: 'password.same', message: 'it is the one you have', path: 'password', severity: 'error' } as const;

const recordReuse = async (
  manager: EntityManager,
  { id, userId }: { readonly id: string; readonly userId: string },
  place: SessionPlace,
) => {
  const name = (await findUser(manager, userId))?.userName ?? '';
  const { code, message } = new RefreshTokenReused();
  await audit.record(manager, {
    action: 'refresh',
    subject: { kind: 'Session', id, name },
    refusal: { code, message },
    actor: name,
    before: place,
  });
};

const accessToken = (manager: EntityManager, userId: string, sessionId: string) =>
  issueToken(manager, userId, 'session', ACCESS_LASTS_MS, { kind: 'session', sessionId });
