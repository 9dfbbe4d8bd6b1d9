import { z } from 'zod';

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/**
 * True when every number in a value is one that JSON can write. Parsers make infinity of `1e400`, and writers make null of that:
 * nobody would see that the number was lost.
 */
export const isFiniteJson = (value: unknown): boolean => {
  // A body of brackets only is deeper than the stack.
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'number' && !Number.isFinite(next)) return false;
    if (typeof next === 'object' && next !== null) for (const member of Object.values(next)) open.push(member);
  }
  return true;
};

const NOT_FINITE = 'a number here is too large, infinite or not a number; write it as text if it is meant so';

/**
 * Schema of any JSON value that came out of a parser: it checks only that no number is infinite. (`z.json()` is recursive, and
 * OpenAPI documents give a recursive schema a name that others overwrite.)
 */
export const AnyJson = z.unknown().refine(isFiniteJson, NOT_FINITE) as unknown as z.ZodType<Json, Json>;
/** Schema of a JSON object that came out of a parser. */
export const AnyJsonObject = z.record(z.string(), AnyJson) as z.ZodType<JsonObject, JsonObject>;
