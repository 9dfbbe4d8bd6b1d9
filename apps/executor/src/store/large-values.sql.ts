import type { LargeValue, ValuePart } from '@orderlines/contracts';
import { chunksOf, digestOf, VALUE_CHUNK_BYTES } from '@orderlines/contracts';
import type { ValueAddress } from '@orderlines/messaging';
import type { Pool } from 'pg';
import type { BatchQueries, Statement } from './batch-session.js';
import { asArrays, asTable, insertStatement, type Column } from './columns.js';
import type { OfRun } from './tasks.sql.js';

const HOLDER = `select from runtime.task_instance t
  where t.process_instance_id = $1 and t.id = $2 and t.token = $3 and t.queue = $4 and t.status = 'RUNNING'`;

/** Stores a piece that the holder of a running attempt sent; false when it holds none. */
export const putPiece = async (pool: Pool, address: ValueAddress, queue: string, data: Uint8Array): Promise<boolean> => {
  const { instanceId, taskInstanceId, token, sha256, chunk } = address;
  const { rows } = await pool.query<{ holds: boolean }>({
    name: 'put-piece',
    text: `with stored as (insert into runtime.large_value (process_instance_id, sha256, chunk, data)
        select $1, $5, $6, $7 where exists (${HOLDER}) on conflict do nothing)
      select exists (${HOLDER}) as holds`,
    values: [instanceId, taskInstanceId, token, queue, Buffer.from(sha256, 'hex'), chunk, data],
  });
  return rows[0]?.holds === true;
};

/** A piece for the holder of a running attempt: `data` is null when there is no such piece. */
export const getPiece = async (
  pool: Pool,
  { instanceId, taskInstanceId, token, sha256, chunk }: ValueAddress,
  queue: string,
): Promise<{ readonly holds: boolean; readonly data: Buffer | null }> => {
  const { rows } = await pool.query<{ holds: boolean; data: Buffer | null }>({
    name: 'get-piece',
    text: `select exists (${HOLDER}) as holds,
      (select v.data from runtime.large_value v where v.process_instance_id = $1 and v.sha256 = $5 and v.chunk = $6) as data`,
    values: [instanceId, taskInstanceId, token, queue, Buffer.from(sha256, 'hex'), chunk],
  });
  return rows[0] ?? { holds: false, data: null };
};

interface Piece {
  readonly sha256: Buffer;
  readonly chunk: number;
  readonly data: Buffer;
}

const PIECE_COLUMNS: readonly Column<OfRun<Piece>>[] = [
  ['process_instance_id', 'uuid', ({ instanceId }) => instanceId],
  ['sha256', 'bytea', ({ row }) => row.sha256],
  ['chunk', 'int', ({ row }) => row.chunk],
  ['data', 'bytea', ({ row }) => row.data],
];

export const INSERT_PIECES: Statement = {
  name: 'insert-pieces',
  text: insertStatement('runtime.large_value', PIECE_COLUMNS, 'on conflict do nothing'),
};

/** Stores parts that the engine or the executor took out of values. */
export const writeParts = async (queries: BatchQueries, parts: readonly OfRun<ValuePart>[]): Promise<void> => {
  const pieces = parts.flatMap(({ instanceId, row }) => piecesOf(row).map((piece) => ({ instanceId, row: piece })));
  if (pieces.length > 0) await queries.run(INSERT_PIECES, asArrays(PIECE_COLUMNS, pieces));
};

const piecesOf = ({ sha256, bytes, text }: ValuePart): Piece[] => {
  const data = Buffer.from(text);
  return Array.from({ length: chunksOf(bytes) }, (_, chunk) => ({
    sha256: Buffer.from(sha256, 'hex'),
    chunk,
    data: data.subarray(chunk * VALUE_CHUNK_BYTES, (chunk + 1) * VALUE_CHUNK_BYTES),
  }));
};

const NAME_COLUMNS: readonly Column<OfRun<LargeValue>>[] = [
  ['process_instance_id', 'uuid', ({ instanceId }) => instanceId],
  ['sha256', 'bytea', ({ row }) => Buffer.from(digestOf(row), 'hex')],
];

export const LOAD_VALUES: Statement = {
  name: 'load-values',
  text: `select v.process_instance_id, v.sha256, v.data from unnest($1::uuid[], $2::bytea[]) as u (process_instance_id, sha256)
    join runtime.large_value v on v.process_instance_id = u.process_instance_id and v.sha256 = u.sha256
    order by v.process_instance_id, v.sha256, v.chunk`,
};

/** Reads whole large values; the text is null where the run does not have all of it. */
export const loadValues = async (
  queries: BatchQueries,
  needed: readonly OfRun<LargeValue>[],
): Promise<OfRun<{ readonly value: LargeValue; readonly text: string | null }>[]> => {
  if (needed.length === 0) return [];
  const { rows } = await queries.run<{ process_instance_id: string; sha256: Buffer; data: Buffer }>(
    LOAD_VALUES,
    asArrays(NAME_COLUMNS, needed),
  );
  const found = Map.groupBy(rows, (row) => `${row.process_instance_id} ${row.sha256.toString('hex')}`);
  return needed.map(({ instanceId, row: value }) => {
    const whole = Buffer.concat((found.get(`${instanceId} ${digestOf(value)}`) ?? []).map(({ data }) => data));
    return { instanceId, row: { value, text: whole.length === value.bytes ? whole.toString('utf8') : null } };
  });
};

/** A large value that one run gets from another. */
export interface ValueCopy {
  readonly from: string;
  readonly to: string;
  readonly sha256: string;
}

const COPY_COLUMNS: readonly Column<ValueCopy>[] = [
  ['source', 'uuid', ({ from }) => from],
  ['target', 'uuid', ({ to }) => to],
  ['sha256', 'bytea', ({ sha256 }) => Buffer.from(sha256, 'hex')],
];

export const COPY_VALUES: Statement = {
  name: 'copy-values',
  text: `insert into runtime.large_value (process_instance_id, sha256, chunk, data)
    select u.target, v.sha256, v.chunk, v.data from ${asTable(COPY_COLUMNS)}
    join runtime.large_value v on v.process_instance_id = u.source and v.sha256 = u.sha256 on conflict do nothing`,
};

/** Gives runs the large values that what they are given refers to. */
export const copyValues = async (queries: BatchQueries, copies: readonly ValueCopy[]): Promise<void> => {
  if (copies.length > 0) await queries.run(COPY_VALUES, asArrays(COPY_COLUMNS, copies));
};
