import { maskGuarded, type Json } from '@orderlines/contracts';

/** Members that hold secrets whatever they are called around. */
const SECRET_MEMBER = /pass(word|phrase|wd)?$|secret$|secretvalue$|token$|tokenhash$|passwordhash$|credential|api_?key|private_?key|otp$/i;
const LEFT_OUT = '***';
/** Longest text of a value; the trail says what was changed and is no second store of documents. */
const MAX_TEXT = 2_000;

/** The value as trails may keep it: what looks like a secret is left out, moments become texts as JSON has them. */
export const withoutSecrets = (value: unknown): Json => {
  if (typeof value === 'string') return shortened(maskGuarded(value));
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return LEFT_OUT;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, SECRET_MEMBER.test(key) && member !== null ? LEFT_OUT : withoutSecrets(member)]),
  );
};

/** The text, cut when it is long. */
export const shortened = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
