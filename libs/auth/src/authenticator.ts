import { findUsableToken, touchApiToken, touchLoginSession, type ApiToken } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';
import { NotAuthenticated } from './auth-error.js';
import type { Principal } from './principal.js';
import { Rights } from './rights.js';
import type { RightsBook, Standing } from './rights-book.js';
import { hashToken } from './token.js';

/** How long a token is believed without asking the database: so long a token revoked at another gateway may still be used here. */
const BELIEVED_MS = 2_000;
const MAX_BELIEVED = 10_000;
/** The last use of a token is written down so often. */
const USED_LATELY_MS = 60_000;

/** Who a token belongs to, and what it is. */
interface Identity {
  readonly user: Principal['user'];
  readonly token: ApiToken;
}

/** A token that is believed, and who its holder was with the standing that they had. */
interface Believed {
  readonly identity: Identity;
  readonly until: number;
  known?: { readonly standing: Standing; readonly principal: Principal };
}

/** Knows everybody by their tokens. */
export class Authenticator {
  private readonly believed = new Map<string, Believed>();
  /** Tokens that are asked for now: requests that come meanwhile wait for the same answer. */
  private readonly asked = new Map<string, Promise<Believed>>();
  private forgotten = 0;

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
    if (known !== undefined && known.until > Date.now()) return this.principalOf(known);
    this.believed.delete(key);
    const asked = this.asked.get(key) ?? this.ask(key, hash).finally(() => this.asked.delete(key));
    this.asked.set(key, asked);
    return this.principalOf(await asked);
  }

  /** Believes nothing of a user any more: a token or the user was changed by this gateway, where that holds at once. */
  forget(userId: string): void {
    this.forgotten += 1;
    for (const [key, { identity }] of this.believed) if (identity.user.id === userId) this.believed.delete(key);
  }

  private async ask(key: string, hash: Buffer): Promise<Believed> {
    const { forgotten } = this;
    const found = await findUsableToken(this.manager, hash);
    if (!found) throw unusableToken();
    const { id, sessionId, lastUsedAt } = found.token;
    if ((lastUsedAt?.getTime() ?? 0) < Date.now() - USED_LATELY_MS) {
      await touchApiToken(this.manager, id);
      if (sessionId !== null) await touchLoginSession(this.manager, sessionId);
    }
    // What was read before somebody was forgotten may be what was forgotten: it is for this request only.
    return forgotten === this.forgotten ? this.believe(key, found) : { identity: found, until: 0 };
  }

  private believe(key: string, identity: Identity): Believed {
    if (this.believed.size >= MAX_BELIEVED) this.believed.clear();
    const believed = { identity, until: Math.min(Date.now() + BELIEVED_MS, identity.token.expiresAt.getTime()) };
    this.believed.set(key, believed);
    return believed;
  }

  /** Made once for as long as the token is believed and nothing of the holder's rights was changed. */
  private async principalOf(believed: Believed): Promise<Principal> {
    const { identity } = believed;
    const standing = await this.book.of(identity.user.id);
    if (!standing) throw unusableToken();
    if (believed.known?.standing === standing) return believed.known.principal;
    const principal = withRights(identity, standing);
    believed.known = { standing, principal };
    return principal;
  }
}

/** A token never allows more than its owner may now; one who was not let in yet may nothing. */
const withRights = ({ user, token }: Identity, standing: Standing): Principal => {
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
};

const unusableToken = () => new NotAuthenticated('The token has expired, was revoked, or never was one: log in again.');
