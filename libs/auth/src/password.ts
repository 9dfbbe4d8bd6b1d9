import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, type Problem } from '@orderlines/contracts';

const derive = promisify(argon2);

/** Cost of a hash made now: memory in KiB, passes over it, lanes. Older hashes carry their own. */
const COST = { memory: 64 * 1024, passes: 3, parallelism: 1 };
const TAG_BYTES = 32;
const SALT_BYTES = 16;
/** Above this the stored text is not one of ours. */
const MAX_COST = { memory: 1024 * 1024, passes: 16, parallelism: 16 };

/** A hash of the password as PHC text (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`). */
export const hashPassword = async (password: string): Promise<string> => {
  const nonce = randomBytes(SALT_BYTES);
  const hash = await derive('argon2id', { message: normal(password), nonce, tagLength: TAG_BYTES, ...COST });
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${unpadded(nonce)}$${unpadded(hash)}`;
};

const PHC =
  /^\$argon2id\$v=19\$m=(?<memory>\d{1,7}),t=(?<passes>\d{1,2}),p=(?<parallelism>\d{1,2})\$(?<salt>[A-Za-z0-9+/]{11,})\$(?<hash>[A-Za-z0-9+/]{16,})$/;

/** True when the password is the one that was hashed; false for a text that is no hash. */
export const verifyPassword = async (password: string, phc: string): Promise<boolean> => {
  const { memory, passes, parallelism, salt = '', hash = '' } = PHC.exec(phc)?.groups ?? {};
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const affordable = (Object.keys(cost) as (keyof typeof cost)[]).every((key) => cost[key] > 0 && cost[key] <= MAX_COST[key]);
  if (!affordable) return false;
  const expected = Buffer.from(hash, 'base64');
  const given = await derive('argon2id', {
    message: normal(password),
    nonce: Buffer.from(salt, 'base64'),
    tagLength: expected.length,
    ...cost,
  });
  return timingSafeEqual(given, expected);
};

/** The same characters are the same password, however a keyboard composes them. */
const normal = (password: string): string => password.normalize('NFKC');

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

const MIN_DIFFERENT_CHARACTERS = 5;

/** What keeps a password from being used; length decides, not sorts of characters. */
export const passwordProblems = (password: string, userName: string): Problem[] => {
  const problem = (code: string, message: string): Problem => ({ code, message, path: 'password', severity: 'error' });
  const { length } = [...normal(password)];
  const problems: Problem[] = [];
  if (length < MIN_PASSWORD_LENGTH) problems.push(problem('password.too-short', `at least ${MIN_PASSWORD_LENGTH} characters, please`));
  if (length > MAX_PASSWORD_LENGTH) problems.push(problem('password.too-long', `at most ${MAX_PASSWORD_LENGTH} characters, please`));
  if (new Set(normal(password)).size < MIN_DIFFERENT_CHARACTERS)
    problems.push(problem('password.too-simple', `at least ${MIN_DIFFERENT_CHARACTERS} different characters, please`));
  if (userName.length > 3 && password.toLowerCase().includes(userName.toLowerCase()))
    problems.push(problem('password.has-name', 'the user name must not be a part of it'));
  return problems;
};

/** A password that nobody can guess, easy to copy. */
export const generatePassword = (): string => randomBytes(15).toString('base64url');
