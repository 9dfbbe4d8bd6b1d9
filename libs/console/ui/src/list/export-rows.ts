import type { Column, ListSource, ListQuery } from './list-model.js';

/** An export holds no more rows; narrow the filters to get at others. */
export const MAX_EXPORTED_ROWS = 10_000;
const PAGE = 500;

/** File formats of an export. */
export type ExportFormat = 'csv' | 'xlsx';
type Cells = readonly (string | number | null)[];

/** Reads everything the filters let through, page by page, and offers it as a file. */
export const exportRows = async <Row>(
  name: string,
  format: ExportFormat,
  source: ListSource<Row>,
  query: ListQuery,
  columns: readonly Column<Row>[],
  heading: (key: string) => string,
  signal: AbortSignal,
): Promise<void> => {
  const rows: Cells[] = [];
  let cursor: string | undefined;
  do {
    const page = await source({ ...query, limit: PAGE, ...(cursor && { cursor }) }, signal);
    rows.push(...page.items.map((row) => columns.map(({ text }) => text(row) ?? null)));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && rows.length < MAX_EXPORTED_ROWS);
  const table = [columns.map(({ label }) => heading(label)), ...rows.slice(0, MAX_EXPORTED_ROWS)];
  save(`${name}.${format}`, format === 'csv' ? csv(table) : await workbook(table));
};

/** Offers a content as a file to be saved. */
export const save = (name: string, content: Blob): void => {
  const url = URL.createObjectURL(content);
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};

/** A table as CSV (RFC 4180), with a mark that tells spreadsheets that it is UTF-8. */
export const csv = (table: readonly Cells[]): Blob =>
  new Blob(['\uFEFF', table.map((cells) => cells.map(csvCell).join(',')).join('\r\n'), '\r\n'], { type: 'text/csv;charset=utf-8' });

/** A text that a spreadsheet would take for a formula is told to be a text. */
export const csvCell = (value: string | number | null): string => {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const workbook = async (table: readonly Cells[]): Promise<Blob> => {
  const { default: write } = await import('write-excel-file/browser');
  const [head = [], ...rows] = table;
  const sheet = [
    head.map((value) => ({ value: String(value), fontWeight: 'bold' as const })),
    ...rows.map((cells) => cells.map(excelCell)),
  ];
  return write(sheet).toBlob();
};

const excelCell = (value: string | number | null) =>
  value === null ? null : typeof value === 'number' ? { value, type: Number } : { value, type: String };
