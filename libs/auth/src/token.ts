import { createHash, randomBytes } from 'node:crypto';
import { createApiToken, type ApiToken, type NewApiToken } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';

/** What tokens begin with, so that people and secret scanners know one when they see it. */
const ACCESS_PREFIX = 'ol_';
const REFRESH_PREFIX = 'olr_';
const TOKEN_BYTES = 32;
const ACCESS_TOKEN = /^ol_[A-Za-z0-9_-]{43}$/;
const REFRESH_TOKEN = /^olr_[A-Za-z0-9_-]{43}$/;

/** A token that has just been made: only its hash is kept. */
export interface IssuedToken {
  readonly id: string;
  readonly token: string;
  readonly expiresAt: Date;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** SHA-256 of an access token, or null for a text that cannot be one. */
export const hashToken = (token: string): Buffer | null => (ACCESS_TOKEN.test(token) ? sha256(token) : null);

/** SHA-256 of a refresh token, or null for a text that cannot be one. */
export const hashRefreshToken = (token: string): Buffer | null => (REFRESH_TOKEN.test(token) ? sha256(token) : null);

/** A new refresh token with its hash. */
export const makeRefreshToken = (): { readonly refreshToken: string; readonly refreshHash: Buffer } => {
  const refreshToken = `${REFRESH_PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  return { refreshToken, refreshHash: sha256(refreshToken) };
};

/** What a token is beside its name: of a session, or with less than its owner's rights. */
export type TokenKind = Pick<NewApiToken, 'kind' | 'sessionId' | 'rules'>;

/** Makes a token of a user that can be used for `lastsMs` milliseconds. */
export const issueToken = async (
  manager: EntityManager,
  userId: string,
  name: string,
  lastsMs: number,
  kind: TokenKind = {},
): Promise<IssuedToken & { readonly kept: ApiToken }> => {
  const token = `${ACCESS_PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  const expiresAt = new Date(Date.now() + lastsMs);
  const kept = await createApiToken(manager, { userId, name, tokenHash: sha256(token), expiresAt, ...kind });
  return { id: kept.id, token, expiresAt, kept };
};
