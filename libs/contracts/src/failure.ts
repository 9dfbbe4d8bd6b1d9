import { z } from 'zod';
import { AnyJson } from './json.js';
import { FAILURE_REASONS } from './status.js';

/** What went wrong in a node or a run, for people and for expressions (`tasks.x.error`). */
export const Failure = z
  .object({
    reason: z.enum(FAILURE_REASONS),
    /** One sentence a person can act on. */
    message: z.string(),
    /** Stable machine-readable code, when there is one. */
    code: z.string().optional(),
    /** More about it: stack of the task's own exception, exit code, expression and position. */
    detail: AnyJson.optional(),
  })
  .readonly()
  .meta({ id: 'Failure' });
/** What went wrong in a node or a run. */
export type Failure = z.infer<typeof Failure>;
