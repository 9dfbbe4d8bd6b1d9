import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { OrderlinesError } from '@orderlines/service-host';
import { z } from 'zod';
import { decrypt, encrypt, KEY_BYTES } from './aes-gcm.js';
import type { Dispatch } from './session-box.js';

/** Something sealed that cannot be opened, or a key that is not there. */
export class SecretKeyError extends OrderlinesError {
  constructor(message: string, options?: ErrorOptions) {
    super('secrets.key', message, 503, options);
  }
}

/** `ORDERLINES_SECRET_KEY`: 32 random bytes in base64; after it, separated by commas, older keys that still open what they sealed. */
export const secretKeyVariable = () =>
  z
    .string()
    .optional()
    .refine((text) => !text || text.split(',').every((key) => Buffer.from(key.trim(), 'base64').length === KEY_BYTES), {
      message: 'write 32 random bytes in base64, as `openssl rand -base64 32` makes them; older keys follow after commas',
    });

/** Keys of secrets at rest: the first one seals, all of them open. Each has an id, made of the key, that stands with what it sealed. */
export class KeyRing {
  private readonly keys: ReadonlyMap<string, Buffer>;

  private constructor(keys: readonly Buffer[]) {
    this.keys = new Map(keys.map((key) => [idOf(key), key]));
  }

  /** The keys of `ORDERLINES_SECRET_KEY`, checked by {@link secretKeyVariable}; an empty ring seals and opens nothing. */
  static of(text: string | undefined): KeyRing {
    return new KeyRing(text ? text.split(',').map((key) => Buffer.from(key.trim(), 'base64')) : []);
  }

  /** Seals a text; `bound` says what it belongs to. */
  seal(text: string, bound: string): { readonly keyId: string; readonly box: Buffer } {
    const [first] = this.keys;
    if (first === undefined) throw noKey();
    const [keyId, key] = first;
    return { keyId, box: encrypt(key, text, bound) };
  }

  /** Id of the key that seals; undefined: there is none. */
  get sealingKeyId(): string | undefined {
    return this.keys.keys().next().value;
  }

  /** Opens what {@link seal} made. */
  open(keyId: string, box: Buffer, bound: string): string {
    const key = this.keyOf(keyId);
    try {
      return decrypt(key, box, bound);
    } catch (error) {
      throw new SecretKeyError('A secret cannot be opened: it was changed, or belongs elsewhere.', { cause: error });
    }
  }

  /** The key with which a worker seals what an attempt makes of secrets: made again at any time, stored nowhere. */
  attemptKey(dispatch: Dispatch): { readonly keyId: string; readonly key: Buffer } {
    const [first] = this.keys;
    if (first === undefined) throw noKey();
    return { keyId: first[0], key: derived(first[1], dispatch) };
  }

  /** Opens what a worker sealed with the key of an attempt; the box names the key and the attempt. Gives the JSON of the value. */
  openAttemptBox(box: string): string {
    const [keyId = '', taskInstanceId = '', attempt, dispatch, sealed = ''] = box.split('.');
    const key = derived(this.keyOf(keyId), { taskInstanceId, attempt: Number(attempt), dispatch: Number(dispatch) });
    try {
      return decrypt(key, Buffer.from(sealed, 'base64url'), 'value');
    } catch (error) {
      throw new SecretKeyError('A value made of a secret cannot be opened: it was changed.', { cause: error });
    }
  }

  /** Signs a text with the key that seals; null: there is no key. */
  sign(text: string): { readonly keyId: string; readonly signature: Buffer } | null {
    const [first] = this.keys;
    return first === undefined ? null : { keyId: first[0], signature: signatureOf(first[1], text) };
  }

  /** Whether {@link sign} made this; null: that key is not here. */
  verify(keyId: string, text: string, signature: Buffer): boolean | null {
    const key = this.keys.get(keyId);
    if (key === undefined) return null;
    const expected = signatureOf(key, text);
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  }

  private keyOf(keyId: string): Buffer {
    const key = this.keys.get(keyId);
    if (key !== undefined) return key;
    if (this.keys.size === 0) throw noKey();
    throw new SecretKeyError(`The key ${keyId} is not in ORDERLINES_SECRET_KEY; put it behind the newer one, after a comma.`);
  }
}

const noKey = (): SecretKeyError =>
  new SecretKeyError('Secrets need ORDERLINES_SECRET_KEY (32 random bytes in base64), the same for gateways and executors.');

const idOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 12);

const signatureOf = (key: Buffer, text: string): Buffer =>
  createHmac('sha256', Buffer.from(hkdfSync('sha256', key, '', 'orderlines signatures 1', KEY_BYTES)))
    .update(text)
    .digest();

const derived = (key: Buffer, { taskInstanceId, attempt, dispatch }: Dispatch): Buffer =>
  Buffer.from(hkdfSync('sha256', key, `${taskInstanceId}.${attempt}.${dispatch}`, 'orderlines attempt values 1', KEY_BYTES));
