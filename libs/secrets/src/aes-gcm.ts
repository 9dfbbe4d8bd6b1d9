import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Bytes of a key of AES-256. */
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Nonce, ciphertext and tag of a text; `bound` must be given again to open it. */
export const encrypt = (key: Buffer, text: string, bound: string): Buffer => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(bound));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
};

/** The text again; throws when anything of it, the key, or what it is bound to is another. */
export const decrypt = (key: Buffer, box: Buffer, bound: string): string => {
  if (box.length < NONCE_BYTES + TAG_BYTES) throw new Error('it is too short');
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(bound)).setAuthTag(box.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
};
