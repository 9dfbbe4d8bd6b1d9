import { z } from 'zod';

/** Query of a list by cursor. */
export const PageQuery = z.object({
  /** `nextCursor` of the page before. */
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
/** Query of a list by cursor. */
export type PageQuery = z.infer<typeof PageQuery>;

/** One page of a list; `nextCursor` is null at the end. */
export const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** A point in time, ISO 8601 in UTC. */
export const Timestamp = z.iso.datetime();
