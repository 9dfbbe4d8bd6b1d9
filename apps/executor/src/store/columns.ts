import { binaryArray, type ColumnType } from './binary-arrays.js';

/** One column of a set-wise statement: its name, its type, and where its value comes from. */
export type Column<Row> = readonly [name: string, type: ColumnType, value: (row: Row) => unknown];

const ARRAY_TYPES: Readonly<Record<ColumnType, string>> = {
  uuid: 'uuid[]',
  text: 'text[]',
  int: 'int[]',
  bigint: 'bigint[]',
  boolean: 'boolean[]',
  json: 'text[]',
  time: 'float8[]',
  bytea: 'bytea[]',
};

/** `unnest($1::uuid[], …) as u (id, …)`: the rows as a table. */
export const asTable = <Row>(columns: readonly Column<Row>[]): string => {
  const parameters = columns.map(([, type], position) => `$${position + 1}::${ARRAY_TYPES[type]}`);
  return `unnest(${parameters.join(', ')}) as u (${columns.map(([name]) => name).join(', ')})`;
};

/** The column of `u` in the type of the table. */
export const converted = <Row>([name, type]: Column<Row>): string => {
  if (type === 'json') return `u.${name}::jsonb`;
  if (type === 'time') return `to_timestamp(u.${name} / 1000.0)`;
  return `u.${name}`;
};

/** `insert into <table> (…) select …` of all columns. */
export const insertStatement = <Row>(table: string, columns: readonly Column<Row>[], onConflict = ''): string =>
  `insert into ${table} (${columns.map(([name]) => name).join(', ')})
  select ${columns.map(converted).join(', ')} from ${asTable(columns)} ${onConflict}`;

/** One array per column: the values of a set-wise statement. */
export const asArrays = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Buffer[] =>
  columns.map(([, type, value]) => binaryArray(type, rows.map(value)));

/** JSON text, or null for a value that is not there. */
export const jsonText = (value: unknown): string | null => (value === undefined || value === null ? null : JSON.stringify(value));

/** SQL for a timestamp column as epoch milliseconds. */
export const asMilliseconds = (column: string, name: string): string => `(extract(epoch from ${column}) * 1000)::float8 as ${name}`;
