import { z } from 'zod';
import { pageOf, pageQuery } from './paging.js';

/** An event of a run that could not be applied: it and what came after it wait for a person. */
export const ParkedEventView = z
  .object({
    id: z.uuid(),
    instanceId: z.uuid(),
    /** Where it came on; its last part says what it is. */
    subject: z.string(),
    /** Why it could not be applied. */
    error: z.string(),
    /** How often it was delivered. */
    deliveries: z.int(),
    bytes: z.int(),
    parkedAt: z.iso.datetime(),
  })
  .meta({ id: 'ParkedEvent' });
/** An event of a run that could not be applied. */
export type ParkedEventView = z.infer<typeof ParkedEventView>;
/** A page of parked events, the oldest first. */
export const ParkedEventPage = pageOf('ParkedEventPage', ParkedEventView);
/** A page of parked events. */
export type ParkedEventPage = z.infer<typeof ParkedEventPage>;
/** Query of `GET parked-events`. */
export const ParkedEventQuery = z.object({ ...pageQuery, instance: z.uuid().optional() });
/** Query of `GET parked-events`. */
export type ParkedEventQuery = z.infer<typeof ParkedEventQuery>;
