import { Init1795370000000 } from './0001-init.js';

/** In the order in which they are applied; a released one is never changed. */
export const MIGRATIONS = [Init1795370000000] as const;
