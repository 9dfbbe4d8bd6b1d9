import type { Json } from '@orderlines/contracts';
import type { ProcessDocument } from './document.js';

/** Addresses in any text; what an expression makes of a host is known to the run only. */
const ADDRESS = /\b(?:https?|ssh|ftps?|sftp|wss?|git|smtps?):\/\/(?:[^\s/@:]+(?::[^\s/@]*)?@)?(\[[0-9a-f:.]+\]|[a-z0-9.-]+)/giu;

/** The hosts of all addresses that stand in a definition, in lower case and in order: what its tasks will call, as far as the text tells. */
export const hostsOf = (document: ProcessDocument): string[] => {
  const found = new Set<string>();
  const open: Json[] = [document as unknown as Json];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === 'string') for (const [, host] of value.matchAll(ADDRESS)) found.add((host ?? '').toLowerCase());
    else if (typeof value === 'object' && value !== null) open.push(...Object.values(value));
  }
  return [...found].toSorted();
};
