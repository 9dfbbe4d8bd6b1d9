import { createHash, randomBytes } from 'node:crypto';
import type { StoredToken } from '@orderlines/persistence';

/** What tokens of webhooks begin with, so that people and secret scanners know one when they see it. */
const PREFIX = 'olw_';
const TOKEN = /^olw_[A-Za-z0-9_-]{43}$/;
const TOKEN_BYTES = 32;
const HINT_LENGTH = 8;

/** Where webhooks are; the token follows. */
export const WEBHOOK_PATH = '/api/v1/webhooks/';

/** A token that has just been made: only its hash is kept. */
export interface IssuedAddress {
  readonly path: string;
  readonly stored: StoredToken;
}

/** Makes the address of a webhook. */
export const issueAddress = (): IssuedAddress => {
  const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  return { path: `${WEBHOOK_PATH}${token}`, stored: { hash: sha256(token), hint: token.slice(0, HINT_LENGTH) } };
};

/** SHA-256 of a token, or null for a text that cannot be one. */
export const hashWebhookToken = (token: string): Buffer | null => (TOKEN.test(token) ? sha256(token) : null);

/** A path as logs and trails may have it: the token of a webhook is a secret. */
export const withoutToken = (path: string): string => (path.startsWith(WEBHOOK_PATH) ? `${WEBHOOK_PATH}***` : path);

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
