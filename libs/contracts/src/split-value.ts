import type { Json, JsonObject } from './json.js';
import { largeValue, type LargeValue } from './large-value.js';

/** The JSON text of a part that was taken out of a value. */
export interface ValuePart {
  readonly sha256: string;
  readonly bytes: number;
  readonly text: string;
}

/** A value whose large parts stand beside it. */
export interface SplitValue {
  /** The value with a {@link LargeValue} in the place of every part. */
  readonly value: Json;
  readonly parts: readonly ValuePart[];
}

/** Members that are taken out of one map; a map that is large by more than these is taken out whole. */
const MAX_PARTS = 16;
/** A map that may keep less than this is not looked into. */
const LEAST_BYTES = 4 * 1024;

const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;

/**
 * Takes the largest parts out of a value until the rest has at most `limit` bytes of JSON. Maps are looked into, so that small members
 * can still be read beside large ones; lists are taken out whole. `sha256` gives the digest of a text in hexadecimal.
 */
export function splitValue(value: Json, limit: number, sha256: (text: string) => string): SplitValue {
  const parts = new Map<string, ValuePart>();
  const takeOut = (text: string): LargeValue => {
    const part = { sha256: sha256(text), bytes: bytesOf(text), text };
    parts.set(part.sha256, part);
    return largeValue(part.sha256, part.bytes);
  };
  return { value: shrunk(value, limit, takeOut), parts: [...parts.values()] };
}

type TakeOut = (text: string) => LargeValue;

function shrunk(value: Json, limit: number, takeOut: TakeOut): Json {
  const text = JSON.stringify(value);
  const bytes = bytesOf(text);
  if (bytes <= limit) return value;
  return (isMap(value) && limit >= LEAST_BYTES && shrunkMap(value, bytes, limit, takeOut)) || takeOut(text);
}

/** The map with its largest members taken out or shrunk, or undefined when it is the sum of many small ones. */
function shrunkMap(map: JsonObject, bytes: number, limit: number, takeOut: TakeOut): JsonObject | undefined {
  // What members may keep adds up to half of the limit; the other half is for those that are not touched.
  const share = limit / 2 / MAX_PARTS;
  const largest = Object.entries(map)
    .map(([name, value]) => ({ name, value, bytes: bytesOf(JSON.stringify(value)) }))
    .filter((member) => member.bytes > share)
    .sort((left, right) => right.bytes - left.bytes)
    .slice(0, MAX_PARTS);
  const untouched = bytes - largest.reduce((sum, member) => sum + member.bytes, 0);
  if (untouched > limit / 2) return undefined;
  const result = { ...map };
  let total = bytes;
  for (const member of largest) {
    if (total <= limit) break;
    result[member.name] = shrunk(member.value, share, takeOut);
    total -= member.bytes - share;
  }
  return result;
}

const isMap = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
