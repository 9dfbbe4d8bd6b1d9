import { z } from 'zod';

/** One thing that is wrong with an input, as answered. */
export const ProblemView = z.object({
  code: z.string(),
  message: z.string(),
  path: z.string(),
  line: z.int().optional(),
  column: z.int().optional(),
  severity: z.enum(['error', 'warning']),
});

/** Body of every refusal: RFC 9457 with a stable `code` and all problems of the input. */
export const ProblemDetails = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(ProblemView).optional(),
    /** Operations that are allowed now, where one was refused by the state. */
    allowed: z.array(z.string()).optional(),
    /** State that refused it. */
    state: z.string().optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'ProblemDetails' });
/** Body of every refusal. */
export type ProblemDetails = z.infer<typeof ProblemDetails>;
