import { z } from 'zod';

/** A service of the platform that is up, or fell silent within the last hour. */
export const ServiceView = z
  .object({
    id: z.uuid(),
    /** What it does: `api-gateway`, `executor`, `scheduler` … */
    role: z.string(),
    /** Name of the machine or container it runs on; empty for one of a release that did not tell. */
    host: z.string(),
    /** host:port of its gRPC door inside the platform; null: it has none. */
    address: z.string().nullable(),
    version: z.string(),
    /** False: it gave no sign of life for a quarter of a minute. */
    alive: z.boolean(),
    startedAt: z.iso.datetime(),
    seenAt: z.iso.datetime(),
  })
  .meta({ id: 'Service' });
/** A service of the platform that is up, or fell silent within the last hour. */
export type ServiceView = z.infer<typeof ServiceView>;

/** All services that gave a sign of life within the last hour. */
export const ServiceList = z.object({ items: z.array(ServiceView) }).meta({ id: 'ServiceList' });
/** All services that gave a sign of life within the last hour. */
export type ServiceList = z.infer<typeof ServiceList>;
