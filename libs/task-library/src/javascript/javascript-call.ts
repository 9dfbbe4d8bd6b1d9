/** One piece of code to run; texts of JSON, so that the objects are born in the code's own context. */
export interface JavaScriptCall {
  readonly id: number;
  readonly code: string;
  /** JSON of `{ args, params, variables }`. */
  readonly input: string;
}

/** What the child says about a call. */
export type JavaScriptReport =
  | { readonly id: number; readonly kind: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly text: string }
  | { readonly id: number; readonly kind: 'variable'; readonly name: string; readonly json: string }
  /** `json` of the returned value; undefined when there is none. */
  | { readonly id: number; readonly kind: 'returned'; readonly json?: string }
  | { readonly id: number; readonly kind: 'threw'; readonly message: string; readonly stack: string };
