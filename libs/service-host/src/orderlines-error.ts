/** An error made for people: a stable code, a sentence that says what to do, and the HTTP status that fits it. */
export class OrderlinesError extends Error {
  constructor(
    /** Stable and machine-readable, e.g. `instance.not-found`. */
    readonly code: string,
    message: string,
    /** HTTP status; other doors map it. */
    readonly status = 500,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The text of anything that was thrown, with the codes that drivers hang on their errors. */
export const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && error.code !== undefined ? ` (${String(error.code)})` : '';
  const inner = error instanceof AggregateError ? `: ${error.errors.map(describeError).join('; ')}` : '';
  return `${error.message || error.name}${code}${inner}`;
};
