import type { Json } from '@orderlines/contracts';
import { z } from 'zod';

/** All facts of a batch and run in one message, for screens; resume is from `history` in Postgres. */
export const LIVE = {
  subject: (instanceId: string) => `live.${instanceId}`,
  all: 'live.*',
} as const;

/** One history row as it is told live. `seq` is gapless per run. */
export const LiveMessage = z.object({
  instanceId: z.uuid(),
  seq: z.int(),
  at: z.number(),
  facts: z.array(z.custom<Json>((fact) => fact !== undefined)),
});
/** One history row as it is told live. */
export type LiveMessage = z.infer<typeof LiveMessage>;
