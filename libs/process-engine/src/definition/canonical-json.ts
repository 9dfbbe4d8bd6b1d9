import { canonical } from '../variables/canonical.js';
import type { ProcessDocument } from './document.js';

/** The document as one text that is the same for the same content: two of them are the same version. */
export function canonicalJson(document: ProcessDocument): string {
  return canonical(document as unknown as Parameters<typeof canonical>[0]);
}
