import { z } from 'zod';

/** Which release answers. */
export const About = z
  .object({
    version: z.string(),
    /** Newest migration of the database; null: there is none. */
    schema: z.string().nullable(),
    /** Version of Node.js that the gateway runs on. */
    node: z.string(),
  })
  .meta({ id: 'About' });
/** Which release answers. */
export type About = z.infer<typeof About>;
