import { findUsableToken, touchApiToken, touchLoginSession, type ApiToken } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { NotAuthenticated } from './auth-error.js';
import type { Principal } from './principal.js';
import { Rights } from './rights.js';
import type { RightsBook } from './rights-book.js';
import { hashToken } from './token.js';

/** How long a token is believed without asking the database: so long a token revoked at another gateway may still be used here. */
const BELIEVED_MS = 2_000;
const MAX_BELIEVED = 10_000;

/** Who a token belongs to, and what it is. */
interface Identity {
  readonly user: Principal['user'];
  readonly token: ApiToken;
}

/** Knows everybody by their tokens. */
export class Authenticator {
  private readonly believed = new Map<string, { readonly identity: Identity; readonly until: number }>();

  constructor(
    private readonly manager: EntityManager,
    private readonly book: RightsBook,
  ) {}

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
    if (found.token.sessionId !== null) await touchLoginSession(this.manager, found.token.sessionId);
    return this.withRights(this.believe(key, found));
  }

  /** Believes nothing of a user any more: a token or the user was changed by this gateway, where that holds at once. */
  forget(userId: string): void {
    for (const [key, { identity }] of this.believed) if (identity.user.id === userId) this.believed.delete(key);
  }

  private believe(key: string, identity: Identity): Identity {
    if (this.believed.size >= MAX_BELIEVED) this.believed.clear();
    this.believed.set(key, { identity, until: Math.min(Date.now() + BELIEVED_MS, identity.token.expiresAt.getTime()) });
    return identity;
  }

  /** A token never allows more than its owner may now; one who was not let in yet may nothing. */
  private async withRights({ user, token }: Identity): Promise<Principal> {
    const standing = await this.book.of(user.id);
    if (!standing) throw unusableToken();
    const { holder, grants } = standing;
    const all = user.approved ? standing.rights : Rights.of([], user.userName);
    return {
      user,
      tokenId: token.id,
      sessionId: token.sessionId,
      isScoped: token.rules !== null,
      mustChangePassword: user.mustChangePassword && token.kind !== 'api',
      rights: token.rules === null ? all : all.within(Rights.of(token.rules, user.userName)),
      roles: [...new Set(grants.flatMap(({ from }) => from.role ?? []))],
      groups: holder.groups,
    };
  }
}

const unusableToken = () => new NotAuthenticated('The token has expired, was revoked, or never was one: log in again.');
