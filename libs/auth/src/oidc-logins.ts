import { createHash, randomBytes, randomInt } from 'node:crypto';
import {
  audit,
  createUser,
  findUserByIdentity,
  findUserByTrustedEmail,
  keepOidcAttempt,
  linkIdentity,
  takeOidcAttempt,
  UserTaken,
  type NewUser,
  type OidcIdentity,
  type UserAccount,
} from '@orderlines/persistence';
import { OrderlinesError } from '@orderlines/service-host';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  discovery,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
} from 'openid-client';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

/** An OIDC provider, and this installation as a client of it. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: a public client. */
  readonly clientSecret?: string | undefined;
  /** What its button is called. */
  readonly name: string;
  /** Address of `sessions/oidc/callback` as browsers reach it. */
  readonly redirectUrl: string;
  /** What becomes of somebody nobody knows here: an account that waits to be let in, or a refusal. */
  readonly newUsers: 'refuse' | 'pending';
}

/** Somebody may take so long at the provider. */
const ATTEMPT_MS = 10 * 60_000;
const PROVIDER_SECONDS = 10;
const NAME_TRIES = 5;

/** A login by OIDC that leads to no session. */
export class OidcRefused extends OrderlinesError {
  constructor(code: 'attempt' | 'provider' | 'unknown' | 'disabled', message: string, options?: ErrorOptions) {
    super(`auth.oidc-${code}`, message, code === 'provider' ? 502 : 403, options);
  }
}

const Claims = z.object({
  sub: z.string().min(1).max(255),
  email: z.email().max(254).optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
  preferred_username: z.string().max(255).optional().catch(undefined),
  name: z.string().max(128).optional().catch(undefined),
});
type Claims = z.infer<typeof Claims>;

/** Logins at an OIDC provider: authorization code with PKCE, bound to the browser that began it. The provider asks for second factors. */
export class OidcLogins {
  private configuration: Promise<Configuration> | undefined;

  constructor(
    private readonly manager: EntityManager,
    readonly settings: OidcSettings,
  ) {}

  /** Begins a login: where the browser goes, and what it keeps meanwhile. Throws {@link OidcRefused}. */
  async begin(returnTo: string): Promise<{ readonly url: string; readonly browserKey: string; readonly expiresAt: Date }> {
    const configuration = await this.provider();
    const [state, nonce, codeVerifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
    const browserKey = randomBytes(32).toString('base64url');
    await keepOidcAttempt(this.manager, hashOf(browserKey), { state, nonce, codeVerifier, returnTo: ownPath(returnTo) });
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: this.settings.redirectUrl,
      scope: 'openid profile email',
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    return { url: url.href, browserKey, expiresAt: new Date(Date.now() + ATTEMPT_MS) };
  }

  /** Ends a login with the query that the provider sent the browser back with, once. Throws {@link OidcRefused}. */
  async finish(browserKey: string | undefined, query: string): Promise<{ readonly user: UserAccount; readonly returnTo: string }> {
    const attempt = browserKey === undefined ? null : await takeOidcAttempt(this.manager, hashOf(browserKey), ATTEMPT_MS);
    if (!attempt) throw new OidcRefused('attempt', 'This login was not begun in this browser, is over, or took too long: begin again.');
    const claims = await this.claims(attempt, query);
    const user = await this.userOf(claims);
    if (!user.enabled) throw new OidcRefused('disabled', 'Your account is disabled.');
    return { user, returnTo: attempt.returnTo };
  }

  private async claims(
    attempt: { readonly state: string; readonly nonce: string; readonly codeVerifier: string },
    query: string,
  ): Promise<Claims> {
    const configuration = await this.provider();
    const url = new URL(this.settings.redirectUrl);
    url.search = query;
    try {
      const { state: expectedState, nonce: expectedNonce, codeVerifier: pkceCodeVerifier } = attempt;
      const checks = { expectedState, expectedNonce, pkceCodeVerifier, idTokenExpected: true };
      const tokens = await authorizationCodeGrant(configuration, url, checks);
      const told = tokens.claims();
      if (told === undefined) throw new Error('there is no ID token');
      const more = await fetchUserInfo(configuration, tokens.access_token, told.sub);
      return Claims.parse({ ...more, ...told });
    } catch (error) {
      throw new OidcRefused('provider', `${this.settings.name} did not confirm the login.`, { cause: error });
    }
  }

  /** Whoever has this identity; else an account whose address somebody trustworthy has set; else a new one, where that is wanted. */
  private async userOf(claims: Claims): Promise<UserAccount> {
    const identity: OidcIdentity = { issuer: this.settings.issuer, subject: claims.sub };
    const linked = await findUserByIdentity(this.manager, identity);
    if (linked) return linked;
    const email = claims.email_verified ? claims.email : undefined;
    const known = email === undefined ? null : await findUserByTrustedEmail(this.manager, email);
    if (!known && this.settings.newUsers === 'refuse') {
      throw new OidcRefused('unknown', 'Nobody here has this login: an administrator adds users, with their e-mail address.');
    }
    const user = known ?? (await this.add(claims, email));
    await this.manager.transaction(async (transaction) => {
      await linkIdentity(transaction, identity, user.id);
      const subject = { kind: 'User', id: user.id, name: user.userName };
      await audit.record(transaction, { action: known ? 'link-identity' : 'register', subject, actor: user.userName, after: identity });
    });
    return user;
  }

  private async add(claims: Claims, email: string | undefined): Promise<UserAccount> {
    const wanted =
      (claims.preferred_username ?? claims.email?.split('@')[0] ?? 'user').replaceAll(/[^\p{L}\p{N}._-]/gu, '').slice(0, 50) || 'user';
    const person = { passwordHash: '', displayName: claims.name ?? '', approved: false } as const;
    let address: Partial<NewUser> = email === undefined ? {} : { email, emailTrusted: true };
    let userName = wanted;
    for (let time = 0; time < NAME_TRIES; time += 1) {
      try {
        return await createUser(this.manager, { ...person, ...address, userName });
      } catch (error) {
        if (!(error instanceof UserTaken)) throw error;
        // Somebody has claimed the address without being trusted with it: it stays theirs.
        if (error.field === 'email') address = {};
        else userName = `${wanted}-${randomInt(10_000)}`;
      }
    }
    throw new OidcRefused('unknown', 'No name could be found for the new account: ask an administrator.');
  }

  /** What the provider says of itself; asked again when it did not answer. */
  private provider(): Promise<Configuration> {
    const { issuer, clientId, clientSecret, name } = this.settings;
    const address = new URL(issuer);
    const isHere = address.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(address.hostname);
    this.configuration ??= discovery(address, clientId, undefined, clientSecret === undefined ? None() : ClientSecretBasic(clientSecret), {
      timeout: PROVIDER_SECONDS,
      ...(isHere && { execute: [allowInsecureRequests] }),
    }).catch((error: unknown) => {
      this.configuration = undefined;
      throw new OidcRefused('provider', `${name} cannot be reached now: try again in a moment.`, { cause: error });
    });
    return this.configuration;
  }
}

/** A path of this site, never another one. */
const ownPath = (path: string): string => (/^\/(?![/\\])[^\s\\]{0,500}$/.test(path) ? path : '/');

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
