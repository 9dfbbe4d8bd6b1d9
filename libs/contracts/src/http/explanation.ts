import { z } from 'zod';
import { PHASES, PROCESS_STATUSES } from '../status.js';
import { ShownWaitReason } from '../wait-reason.js';

/** Something in a run that waits: an execution of a node, or (without one) the run as a whole. */
export const ExplainedWait = z
  .object({
    taskInstanceId: z.uuid().nullable(),
    path: z.string().nullable(),
    reason: ShownWaitReason,
    /** What a person can do about it. */
    advice: z.string(),
  })
  .meta({ id: 'ExplainedWait' });
/** Something in a run that waits. */
export type ExplainedWait = z.infer<typeof ExplainedWait>;

/** Why a run is not moving, or what it is doing. */
export const Explanation = z
  .object({
    id: z.uuid(),
    status: z.enum(PROCESS_STATUSES),
    phase: z.enum(PHASES),
    /** Tasks that a worker runs now. */
    running: z.array(
      z.object({
        taskInstanceId: z.uuid(),
        path: z.string(),
        attempt: z.int(),
        worker: z.string().nullable(),
        since: z.iso.datetime().nullable(),
      }),
    ),
    /** What does not move, and why; at most 1,000. */
    waits: z.array(ExplainedWait),
  })
  .meta({ id: 'Explanation' });
/** Why a run is not moving, or what it is doing. */
export type Explanation = z.infer<typeof Explanation>;
