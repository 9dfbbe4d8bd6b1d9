import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignatureStyle } from '@orderlines/contracts';

/** A request as it came, before anybody has looked into it. */
export interface SignedRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What is wrong with a signature. */
export interface SignatureProblem {
  readonly reason: 'webhook.unsigned' | 'webhook.signature' | 'webhook.stale';
  readonly message: string;
}

/** Both sides' secret, and how old a signature may be in milliseconds. */
export interface SignatureKey {
  readonly secret: string;
  readonly toleranceMs: number;
}

type Check = (request: SignedRequest, key: SignatureKey, now: number) => SignatureProblem | null;

/** What is wrong with the signature of a request; null: it comes from whom it says, and now. */
export const signatureProblem = (
  style: Exclude<SignatureStyle, 'none'>,
  request: SignedRequest,
  key: SignatureKey,
  now: number,
): SignatureProblem | null => CHECKS[style](request, key, now);

const unsigned = (header: string): SignatureProblem => ({ reason: 'webhook.unsigned', message: `the request has no header ${header}` });
const wrong = (header: string): SignatureProblem => ({
  reason: 'webhook.signature',
  message: `${header} does not fit the request: do both sides have the same secret?`,
});

/** `X-Hub-Signature-256: sha256=<hex>` over the body. */
const github: Check = ({ headers, body }, { secret }) => {
  const given = headers['x-hub-signature-256'];
  if (given === undefined) return unsigned('X-Hub-Signature-256');
  const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  return isSame(given, expected) ? null : wrong('X-Hub-Signature-256');
};

/** `X-Gitlab-Token`: the secret itself. */
const gitlab: Check = ({ headers }, { secret }) => {
  const given = headers['x-gitlab-token'];
  if (given === undefined) return unsigned('X-Gitlab-Token');
  return isSame(given, secret) ? null : wrong('X-Gitlab-Token');
};

const WHSEC = 'whsec_';
const MAX_SIGNATURES = 10;

/** Standard Webhooks: `webhook-signature: v1,<base64>`, several after spaces, over id, timestamp (seconds) and body with dots between. */
const hmac: Check = ({ headers, body }, { secret, toleranceMs }, now) => {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given } = headers;
  if (id === undefined) return unsigned('webhook-id');
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return unsigned('webhook-timestamp (seconds since 1970)');
  if (given === undefined) return unsigned('webhook-signature');
  const key = secret.startsWith(WHSEC) ? Buffer.from(secret.slice(WHSEC.length), 'base64') : secret;
  const expected = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
  const isSigned = given
    .split(' ')
    .slice(0, MAX_SIGNATURES)
    .map((signature) => isSame(signature, expected))
    .includes(true);
  if (!isSigned) return wrong('webhook-signature');
  const ageMs = now - Number(timestamp) * 1_000;
  if (Math.abs(ageMs) <= toleranceMs) return null;
  const when = ageMs > 0 ? `${Math.round(ageMs / 1_000)} s ago` : `${Math.round(-ageMs / 1_000)} s in the future`;
  return { reason: 'webhook.stale', message: `the request was signed ${when}: is it a repeated one, or is a clock wrong?` };
};

const CHECKS: Readonly<Record<Exclude<SignatureStyle, 'none'>, Check>> = { github, gitlab, hmac };

/** Compares in a time that says nothing about where two texts differ, whatever their lengths. */
const isSame = (given: string, expected: string): boolean => {
  const digest = (text: string) => createHmac('sha256', COMPARISON).update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
};
const COMPARISON = 'orderlines comparison';
