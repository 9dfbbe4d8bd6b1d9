/** A page of a list; `nextCursor` is null on the last one. */
export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

/** Which page of a list. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

/** A cursor that no list gave out. */
export class InvalidCursor extends Error {
  constructor() {
    super('The cursor is not one that this list gave: begin at the first page.');
    this.name = 'InvalidCursor';
  }
}

/** Values of the last row of a page, in the order of the list's keys. */
type CursorPart = string | number;

/** An opaque cursor of the last row's keys. */
export const encodeCursor = (parts: readonly CursorPart[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

/** The keys of a cursor; each must match its pattern. Throws {@link InvalidCursor}. */
export const decodeCursor = (cursor: string, patterns: readonly RegExp[]): string[] => {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw new InvalidCursor();
  }
  if (!Array.isArray(parts) || parts.length !== patterns.length) throw new InvalidCursor();
  const texts = parts.map(String);
  if (!patterns.every((pattern, index) => pattern.test(texts[index] ?? ''))) throw new InvalidCursor();
  return texts;
};

/** Pattern of a cursor's UUID. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Pattern of a cursor's whole number. */
export const INTEGER = /^\d{1,19}$/;
/** Pattern of a cursor's free text. */
export const ANY_TEXT = /^[^\0]*$/su;

/** Rows read at a time of a list that is read to its end. */
const WHOLE_PAGE = 1_000;

/** All items of a list, a page at a time. */
export async function* allPages<Item>(list: (page: PageRequest) => Promise<Page<Item>>): AsyncGenerator<Item[], void, undefined> {
  let cursor: string | undefined;
  do {
    const page = await list({ limit: WHOLE_PAGE, ...(cursor !== undefined && { cursor }) });
    yield page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** All items of a list that is small enough to be held at once. */
export const wholeList = async <Item>(list: (page: PageRequest) => Promise<Page<Item>>): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const page of allPages(list)) items.push(...page);
  return items;
};

/** Cuts the one row that was read over the limit, and makes the cursor of the last row that stays. */
export const toPage = <Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  keys: (row: Row) => readonly CursorPart[],
): Page<Item> => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keys(last)) : null };
};
