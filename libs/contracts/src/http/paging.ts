import { z } from 'zod';

/** Items of a page when the caller does not say. */
export const DEFAULT_PAGE_SIZE = 50;
/** Largest page. */
export const MAX_PAGE_SIZE = 500;

const PAGE_SIZE = `a page has 1 to ${MAX_PAGE_SIZE} items; write a whole number`;

/** Query parameters of every list. A cursor is opaque: it comes from the page before. */
export const pageQuery = {
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number(PAGE_SIZE).int(PAGE_SIZE).min(1, PAGE_SIZE).max(MAX_PAGE_SIZE, PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
};

/** A page of a list under a name of its own; `nextCursor` is null on the last one. */
export const pageOf = <Item extends z.ZodType>(id: string, item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() }).meta({ id });
