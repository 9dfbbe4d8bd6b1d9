import type { Json } from '@orderlines/contracts';
import { withoutSecrets } from '../audit/without-secrets.js';

/** Characters of an event that stay when it was judged. */
const MAX_EXCERPT = 1_000;

/** The beginning of an event as it may be shown: what looks like a secret is left out. */
export const excerptOf = (event: Json): string => JSON.stringify(withoutSecrets(event)).slice(0, MAX_EXCERPT);
