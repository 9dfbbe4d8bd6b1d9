import { createHash, randomBytes } from 'node:crypto';
import { createApiToken } from '@orderlines/persistence';
import type { EntityManager } from 'typeorm';

/** What every token begins with, so that people and secret scanners know one when they see it. */
const TOKEN_PREFIX = 'ol_';
const TOKEN_BYTES = 32;
const TOKEN = /^ol_[A-Za-z0-9_-]{43}$/;

/** A token that has just been made: only its hash is kept. */
export interface IssuedToken {
  readonly id: string;
  readonly token: string;
  readonly expiresAt: Date;
}

/** SHA-256 of a token, or null for a text that cannot be one. */
export const hashToken = (token: string): Buffer | null => (TOKEN.test(token) ? createHash('sha256').update(token).digest() : null);

/** Makes a token of a user that can be used for `lastsMs` milliseconds. */
export const issueToken = async (manager: EntityManager, userId: string, name: string, lastsMs: number): Promise<IssuedToken> => {
  const token = `${TOKEN_PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  const expiresAt = new Date(Date.now() + lastsMs);
  const tokenHash = createHash('sha256').update(token).digest();
  const { id } = await createApiToken(manager, { userId, name, tokenHash, expiresAt });
  return { id, token, expiresAt };
};
