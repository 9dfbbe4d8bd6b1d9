import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** Argon2id, 64 MiB, 3 passes, 1 lane: what new hashes are made with. */
const COST = { memory: 65_536, passes: 3, parallelism: 1, tagLength: 32 } as const;
const SHORTEST = 10;
const LONGEST = 200;

/** Says what is wrong with a new password, or undefined when it will do. */
export const passwordProblem = (password: string, userName: string): string | undefined => {
  if (password.length < SHORTEST) return `A password has at least ${SHORTEST} characters.`;
  if (password.length > LONGEST) return `A password has at most ${LONGEST} characters.`;
  if (password.toLowerCase().includes(userName.toLowerCase())) return 'A password does not contain the user name.';
  if (new Set(password).size < 5) return 'A password has at least five different characters.';
  return undefined;
};

/** A password nobody has to think of: 20 characters of letters and digits that cannot be mistaken for each other. */
export const generatePassword = (): string => {
  const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  const usable = 256 - (256 % alphabet.length);
  let password = '';
  while (password.length < 20) {
    for (const byte of randomBytes(32)) if (byte < usable && password.length < 20) password += alphabet[byte % alphabet.length];
  }
  return password;
};

/** Hashes a password; the text (PHC form) holds parameters, salt and hash. */
export const hashPassword = async (password: string): Promise<string> => {
  const nonce = randomBytes(16);
  const hash = await derive('argon2id', { message: password.normalize('NFKC'), nonce, ...COST });
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(nonce)}$${base64(hash)}`;
};

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** True when the password is the one that was hashed; a hash that cannot be read is never right. */
export const verifyPassword = async (password: string, hashed: string): Promise<boolean> => {
  const [, memory, passes, parallelism, nonce, hash] = PHC.exec(hashed) ?? [];
  if (!memory || !passes || !parallelism || !nonce || !hash) return false;
  const wanted = Buffer.from(hash, 'base64');
  const found = await derive('argon2id', {
    message: password.normalize('NFKC'),
    nonce: Buffer.from(nonce, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: wanted.length,
  });
  return timingSafeEqual(found, wanted);
};

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
