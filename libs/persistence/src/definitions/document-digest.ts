import type { Json, JsonObject } from '@orderlines/contracts';
import { createHash } from 'node:crypto';

/** Text that is the same for the same document, however its keys were ordered. */
const canonical = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`);
  return `{${entries.join(',')}}`;
};

/** SHA-256 of a document's canonical text: what "the same content" means. */
export const documentDigest = (document: JsonObject): Buffer => createHash('sha256').update(canonical(document)).digest();
