/** A column: its heading, and what a row shows in it. */
export interface Column<Row> {
  readonly heading: string;
  readonly value: (row: Row) => string | number | boolean | null | undefined;
}

const GAP = '  ';

/** Lays rows out under headings, as wide as they need; nothing for no rows but the headings. */
export const table = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string => {
  const cells = [columns.map(({ heading }) => heading), ...rows.map((row) => columns.map(({ value }) => oneLine(value(row))))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => width(line[index] ?? ''))));
  const lay = (line: readonly string[]) => line.map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - width(cell))).join(GAP);
  return cells.map((line) => lay(line).trimEnd()).join('\n');
};

/** Lays one thing out as `name  value` lines. */
export const facts = (values: Readonly<Record<string, string | number | boolean | null | undefined>>): string => {
  const shown = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const longest = Math.max(0, ...shown.map(([name]) => width(name)));
  return shown.map(([name, value]) => `${name}${' '.repeat(longest - width(name))}${GAP}${oneLine(value)}`).join('\n');
};

const oneLine = (value: string | number | boolean | null | undefined): string =>
  value === null || value === undefined
    ? ''
    : String(value)
        .replaceAll(/\s*[\r\n]+\s*/g, ' ⏎ ')
        .replaceAll(/\p{Cc}/gu, '');

/** Columns a text takes on a terminal: letters of East Asian scripts take two. */
const width = (text: string): number =>
  [...text].reduce(
    (sum, letter) =>
      sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(letter) ? 2 : 1),
    0,
  );
