import { canonicalJson, type JsonObject } from '@orderlines/contracts';
import { createHash } from 'node:crypto';

/** SHA-256 of a document's canonical text: what "the same content" means. */
export const documentDigest = (document: JsonObject): Buffer => createHash('sha256').update(canonicalJson(document)).digest();
