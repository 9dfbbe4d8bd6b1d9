import { withoutForgedGuards } from './guarded-text.js';
import type { Json } from './json.js';

/** Deepest nesting of a value from outside. */
export const MAX_JSON_DEPTH = 64;

/** A value that nests deeper than {@link MAX_JSON_DEPTH}. */
export class JsonTooDeepError extends Error {
  constructor() {
    super(`The value is nested more than ${MAX_JSON_DEPTH} levels deep`);
    this.name = 'JsonTooDeepError';
  }
}

/** Text without what Postgres cannot store: U+0000 and lone surrogates become U+FFFD. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\ufffd');

/** Text as it may come in: what Postgres cannot store and what guards secrets becomes U+FFFD. */
export const cleanText = (text: string): string => withoutForgedGuards(storableText(text));

/** A JSON value as Postgres can store it, keys included; throws {@link JsonTooDeepError}. What needs no change is given back as it is. */
export const cleanJson = <Value extends Json>(value: Value): Value => cleaned(value, 0) as Value;

const cleaned = (value: Json, depth: number): Json => {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_JSON_DEPTH) throw new JsonTooDeepError();
  if (Array.isArray(value)) {
    const items = value.map((item) => cleaned(item, depth + 1));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const entries = Object.entries(value).map(([key, member]) => [cleanText(key), cleaned(member, depth + 1)] as const);
  const changed = entries.some(([key, member]) => !(key in value) || value[key] !== member);
  return changed ? Object.fromEntries(entries) : value;
};
