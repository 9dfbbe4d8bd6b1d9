import { once } from 'node:events';
import { maskGuarded, type TableFormat } from '@orderlines/contracts';
import type { Response } from 'express';

/** Somebody who takes nothing of an export for this long is cut off. */
const STALLED_MS = 30_000;
const CONTENT_TYPES = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson; charset=utf-8' } as const;

/** A list that is sent as a file. */
export interface Table<Row> {
  /** Name of the file, without its ending. */
  readonly name: string;
  readonly format: TableFormat;
  /** Columns of the CSV; a line of JSON has the whole row. */
  readonly columns: readonly (readonly [heading: string, value: (row: Row) => unknown])[];
  readonly rows: AsyncIterable<readonly Row[]>;
}

/** Sends a list of any length while it is read; memory holds a page of it. */
export const sendTable = async <Row>(response: Response, { name, format, columns, rows }: Table<Row>): Promise<void> => {
  response.setHeader('content-type', CONTENT_TYPES[format]);
  response.setHeader('content-disposition', `attachment; filename="${name}.${format}"`);
  if (format === 'csv') response.write(`${columns.map(([heading]) => heading).join(',')}\r\n`);
  for await (const page of rows) {
    if (response.destroyed) return;
    const lines = page.map((row) =>
      format === 'csv' ? `${columns.map(([, value]) => cell(value(row))).join(',')}\r\n` : `${JSON.stringify(row)}\n`,
    );
    const written = response.write(maskGuarded(lines.join('')));
    if (!written) await once(response, 'drain', { signal: AbortSignal.timeout(STALLED_MS) });
  }
  response.end();
};

/** RFC 4180; what a spreadsheet would take for a formula is made a text. */
const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  const written = typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
  const text = typeof value === 'string' && /^[=+@\t\r-]/.test(written) ? `'${written}` : written;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
