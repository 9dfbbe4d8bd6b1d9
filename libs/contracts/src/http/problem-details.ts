import { z } from 'zod';
import { Problem } from '../problem.js';

/** Content type of every answer that is not a success. */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** Why a request was refused or failed (RFC 9457). */
export const ProblemDetails = z
  .object({
    /** Always `about:blank`: the title says what the status means, `code` what happened. */
    type: z.string(),
    title: z.string(),
    status: z.int(),
    /** Stable code, e.g. `instance.not-found`. */
    code: z.string(),
    /** What happened, where, and what to do. */
    detail: z.string(),
    /** Everything that is wrong with the request, at once. */
    errors: z.array(Problem).optional(),
    /** Operations that are possible now, when this one is not. */
    allowed: z.array(z.string()).optional(),
    /** Status of the run that refused an operation. */
    instanceStatus: z.string().optional(),
  })
  .meta({ id: 'ProblemDetails' });
/** Why a request was refused or failed. */
export type ProblemDetails = z.infer<typeof ProblemDetails>;
