/** A column of a list. */
export interface Column<Row> {
  readonly id: string;
  /** Key of its heading. */
  readonly label: string;
  /** Its value as text, for the cell (unless a template draws it) and for exports. */
  readonly text: (row: Row) => string | number | null | undefined;
  /** Name under which the server sorts by it; absent: it does not. */
  readonly sort?: string;
  /** True: shown only when the person chooses it. */
  readonly optional?: boolean;
  readonly numeric?: boolean;
}

/** One of the values a filter offers. */
export interface Choice {
  readonly value: string;
  /** Key of its text, or the text itself when `plain`. */
  readonly label: string;
  readonly plain?: boolean;
}

/** A filter of a list; its id is the name of the query parameter, here and at the server. */
export interface Filter {
  readonly id: string;
  /** Key of its label. */
  readonly label: string;
  readonly kind: 'text' | 'choice' | 'time';
  readonly choices?: readonly Choice[];
}

/** What a page of a list is asked with. */
export interface ListQuery {
  readonly cursor?: string;
  readonly limit: number;
  readonly sort?: string;
  readonly [filter: string]: string | number | undefined;
}

/** A page of a list; lists that count say how many there are, up to a cap. */
export interface ListPage<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
  readonly total?: number;
}

/** Gives a page of a list. */
export type ListSource<Row> = (query: ListQuery, signal: AbortSignal) => Promise<ListPage<Row>>;

/** Rows of a page that the person can choose. */
export const PAGE_SIZES = [20, 50, 100, 200] as const;
/** Counting ends here: beyond it "10,000+" is shown. */
export const TOTAL_CAP = 10_000;

/** A query whose filters by time, written on the clock here, are moments; what is no time is left to the server to refuse. */
export const withMoments = (query: ListQuery, filters: readonly Filter[]): ListQuery => {
  const moments = filters.flatMap(({ id, kind }) => {
    const at = kind === 'time' ? Date.parse(String(query[id] ?? '')) : NaN;
    return Number.isNaN(at) ? [] : [[id, new Date(at).toISOString()] as const];
  });
  return { ...query, ...Object.fromEntries(moments) } as ListQuery;
};

/** A source for lists that the server gives whole: filtered by their texts and cut into pages here. */
export const wholeList =
  <Row>(load: (signal: AbortSignal) => Promise<readonly Row[]>, textOf: (row: Row) => string): ListSource<Row> =>
  async ({ cursor, limit, text }, signal) => {
    const wanted = String(text ?? '').toLowerCase();
    const rows = (await load(signal)).filter((row) => textOf(row).toLowerCase().includes(wanted));
    const from = Number(cursor ?? 0);
    return {
      items: rows.slice(from, from + limit),
      nextCursor: from + limit < rows.length ? String(from + limit) : null,
      total: rows.length,
    };
  };
