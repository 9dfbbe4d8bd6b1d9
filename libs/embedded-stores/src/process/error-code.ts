/** True for an error of the system or of Postgres with this code. Not by `instanceof`: the system's errors may come from another realm. */
export const hasErrorCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
