import { createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, type KeyObject } from 'node:crypto';
import { decrypt, encrypt, KEY_BYTES } from './aes-gcm.js';

/** One dispatch of one attempt: what is sealed for it opens for no other. */
export interface Dispatch {
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly dispatch: number;
}

/** A text only one session of a worker can open, as it travels. */
export interface SealedBox {
  /** Public half of the key pair that was made for this box, base64url. */
  readonly key: string;
  /** base64url. */
  readonly box: string;
}

/** Seals a text for the session that has this public key. */
export const sealFor = (publicKey: string, text: string, dispatch: Dispatch): SealedBox => {
  const own = generateKeyPairSync('x25519');
  const key = publicText(own.publicKey);
  const shared = sharedKey(own.privateKey, publicKey, key, publicKey);
  return { key, box: encrypt(shared, text, boundTo(dispatch)).toString('base64url') };
};

/** The key pair of one session of a worker: made when it starts, never stored. */
export class SessionKey {
  private readonly pair = generateKeyPairSync('x25519');
  /** What executors seal with. */
  readonly publicKey = publicText(this.pair.publicKey);

  /** The text of a box; throws when it was sealed for another session or dispatch. */
  open({ key, box }: SealedBox, dispatch: Dispatch): string {
    const shared = sharedKey(this.pair.privateKey, key, key, this.publicKey);
    return decrypt(shared, Buffer.from(box, 'base64url'), boundTo(dispatch));
  }
}

const publicText = (key: KeyObject): string => key.export({ format: 'jwk' }).x ?? '';

const sharedKey = (own: KeyObject, other: string, sender: string, receiver: string): Buffer => {
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: other }, format: 'jwk' });
  const secret = diffieHellman({ privateKey: own, publicKey });
  return Buffer.from(hkdfSync('sha256', secret, `${sender}.${receiver}`, 'orderlines session box 1', KEY_BYTES));
};

const boundTo = ({ taskInstanceId, attempt, dispatch }: Dispatch): string => `${taskInstanceId}.${attempt}.${dispatch}`;
