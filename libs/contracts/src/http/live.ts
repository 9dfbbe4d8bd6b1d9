import { z } from 'zod';
import { AnyJson } from '../json.js';

/** Runs that one live stream tells everything of, at most. */
export const MAX_WATCHED_RUNS = 20;
/** Runs that one notice of change names, at most; beyond it the notice says `more`. */
export const MAX_CHANGED_RUNS = 200;

/** Query of `GET live`: `watch` names runs with the number of the last event that was seen, `<id>:<seq>`, separated by commas. */
export const LiveQuery = z.object({
  watch: z
    .string()
    .max(MAX_WATCHED_RUNS * 60)
    .regex(/^$|^[0-9a-f-]{36}:\d{1,15}(,[0-9a-f-]{36}:\d{1,15})*$/i, 'write runs as `<id>:<seq>`, separated by commas')
    .optional(),
});
/** Query of `GET live`. */
export type LiveQuery = z.infer<typeof LiveQuery>;

/** Data of an event `changes`: lists that show runs, tasks, approvals or alarms are to be read again. */
export const LiveChanges = z
  .object({
    /** Runs of which something became known; empty for those who may not see all runs. */
    runs: z.array(z.uuid()),
    /** True: other runs changed, too. */
    more: z.boolean(),
  })
  .meta({ id: 'LiveChanges' });
/** Data of an event `changes`. */
export type LiveChanges = z.infer<typeof LiveChanges>;

/** Data of an event `facts` of a run that is watched. */
export const LiveFacts = z
  .object({ instanceId: z.uuid(), seq: z.int(), at: z.iso.datetime(), facts: z.array(AnyJson) })
  .meta({ id: 'LiveFacts' });
/** Data of an event `facts` of a run that is watched. */
export type LiveFacts = z.infer<typeof LiveFacts>;
