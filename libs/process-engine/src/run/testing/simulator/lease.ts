/** A worker that was not heard of for so long has lost what it runs. */
export const LEASE_MS = 30_000;
