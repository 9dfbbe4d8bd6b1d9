import { createHash, randomBytes } from 'node:crypto';

/** A bearer token and what is stored of it. */
export interface NewToken {
  /** Shown once. */
  readonly token: string;
  /** SHA-256 of the token. */
  readonly hash: Buffer;
}

const FORM = /^ol_[A-Za-z0-9_-]{43}$/;

/** Makes a token of 256 random bits; `ol_` lets secret scanners find one that leaked. */
export const generateToken = (): NewToken => {
  const token = `ol_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashToken(token) };
};

/** What is stored of a token. A fast hash will do: it has 256 random bits. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The token of an `Authorization: Bearer …` value, or undefined when it is not one of ours. */
export const bearerToken = (authorization: string | undefined): string | undefined => {
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  return token !== undefined && FORM.test(token) ? token : undefined;
};
