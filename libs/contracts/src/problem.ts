/** One thing that is wrong with an input, with the place where it is. */
export interface Problem {
  /** Stable code, e.g. `definition.unknown-key`. */
  readonly code: string;
  /** A sentence that says what to do. */
  readonly message: string;
  /** Path in the document, e.g. `flow[2].with.command`; empty for the document itself. */
  readonly path: string;
  /** 1-based line in the source text, where a source text exists. */
  readonly line?: number;
  /** 1-based column in the source text, where a source text exists. */
  readonly column?: number;
  /** `error` stops publishing, `warning` is shown only. */
  readonly severity: 'error' | 'warning';
}
