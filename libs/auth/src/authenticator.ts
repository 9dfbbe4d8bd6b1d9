import { findUsableToken, touchApiToken } from '@orderlines/persistence';
import type { DataSource } from 'typeorm';
import { principalOf, type Principal } from './principal.js';
import { bearerToken, hashToken } from './token.js';

/** A revoked token may be taken for this long. */
const REMEMBERED_MS = 5_000;
const REMEMBERED = 5_000;

/** Finds out who is asking by the bearer token; answers of the database are remembered for seconds. */
export class Authenticator {
  private readonly known = new Map<string, { readonly principal: Principal; readonly until: number }>();

  constructor(private readonly source: DataSource) {}

  /** The principal of an `Authorization` value, or undefined. */
  async authenticate(authorization: string | undefined): Promise<Principal | undefined> {
    const token = bearerToken(authorization);
    if (token === undefined) return undefined;
    const hash = hashToken(token);
    const key = hash.toString('base64');
    const remembered = this.known.get(key);
    if (remembered && remembered.until > Date.now()) return remembered.principal;
    this.known.delete(key);
    const found = await findUsableToken(this.source.manager, hash);
    if (!found) return undefined;
    await touchApiToken(this.source.manager, found.token.id);
    const principal = principalOf(found.user, found.token.id);
    this.remember(key, principal);
    return principal;
  }

  /** Forgets a token at once, e.g. at its logout here. */
  forget(tokenId: string): void {
    for (const [key, { principal }] of this.known) if (principal.tokenId === tokenId) this.known.delete(key);
  }

  private remember(key: string, principal: Principal): void {
    const oldest = this.known.keys().next();
    if (this.known.size >= REMEMBERED && !oldest.done) this.known.delete(oldest.value);
    this.known.set(key, { principal, until: Date.now() + REMEMBERED_MS });
  }
}
