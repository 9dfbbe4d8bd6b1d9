import { z } from 'zod';

/** One thing that is wrong with an input, with the place where it is. */
export const Problem = z
  .object({
    /** Stable code, e.g. `definition.unknown-key`. */
    code: z.string(),
    /** A sentence that says what to do. */
    message: z.string(),
    /** Path in the document, e.g. `flow[2].with.command`; empty for the document itself. */
    path: z.string(),
    /** 1-based line in the source text, where a source text exists. */
    line: z.int().positive().optional(),
    /** 1-based column in the source text, where a source text exists. */
    column: z.int().positive().optional(),
    /** `error` stops publishing, `warning` is shown only. */
    severity: z.enum(['error', 'warning']),
  })
  .readonly()
  .meta({ id: 'Problem' });
/** One thing that is wrong with an input, with the place where it is. */
export type Problem = z.infer<typeof Problem>;
