import type { JsonObject } from '@orderlines/contracts';
import type { BatchQueries, Statement } from './batch-session.js';
import { binaryArray } from './binary-arrays.js';
import { asArrays, insertStatement, type Column } from './columns.js';
import { StoreError } from './store-error.js';

/** The stored answer of a changing request: the same key with the same request gets it again. */
export interface StoredOperation {
  readonly key: string;
  /** SHA-256 of the request, hexadecimal. */
  readonly requestHash: string;
  readonly instanceId: string | null;
  readonly answer: JsonObject;
}

export const FIND_OPERATIONS: Statement = {
  name: 'find-operations',
  text: `select o.key, encode(o.request_hash, 'hex') as "requestHash", o.process_instance_id as "instanceId", o.answer
    from unnest($1::text[]) as u (key) join runtime.operation o on o.key = u.key`,
};

/** Answers that are already there. */
export const findOperations = async (queries: BatchQueries, keys: readonly string[]): Promise<StoredOperation[]> =>
  keys.length === 0 ? [] : (await queries.run<StoredOperation & { key: string }>(FIND_OPERATIONS, [binaryArray('text', keys)])).rows;

const COLUMNS: readonly Column<StoredOperation>[] = [
  ['key', 'text', (operation) => operation.key],
  ['request_hash', 'bytea', (operation) => Buffer.from(operation.requestHash, 'hex')],
  ['process_instance_id', 'uuid', (operation) => operation.instanceId],
  ['answer', 'json', (operation) => JSON.stringify(operation.answer)],
];

export const INSERT_OPERATIONS: Statement = {
  name: 'insert-operations',
  text: insertStatement('runtime.operation', COLUMNS, 'on conflict do nothing'),
};

/** Stores answers in the order of their keys; when another executor was faster with one of them, the batch is repeated and finds it. */
export const writeOperations = async (queries: BatchQueries, operations: readonly StoredOperation[]): Promise<void> => {
  if (operations.length === 0) return;
  const ordered = operations.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const { rowCount } = await queries.run(INSERT_OPERATIONS, asArrays(COLUMNS, ordered));
  if (rowCount !== operations.length) throw new StoreError('repeat', 'An idempotency key was taken while the batch was written');
};

export const TAKE_NUMBERS: Statement = {
  name: 'take-numbers',
  text: `insert into runtime.process_counter as c (process_id, last_number)
    select u.process_id, u.amount from unnest($1::uuid[], $2::bigint[]) as u (process_id, amount) order by u.process_id
    on conflict (process_id) do update set last_number = c.last_number + excluded.last_number
    returning process_id, last_number::float8 as last_number`,
};

/** Takes run numbers: how many each process needs in, the first of them out. Counters are locked in the order of their keys. */
export const takeNumbers = async (queries: BatchQueries, amounts: ReadonlyMap<string, number>): Promise<Map<string, number>> => {
  if (amounts.size === 0) return new Map();
  const { rows } = await queries.run<{ process_id: string; last_number: number }>(TAKE_NUMBERS, [
    [...amounts.keys()],
    [...amounts.values()],
  ]);
  return new Map(rows.map((row) => [row.process_id, row.last_number - (amounts.get(row.process_id) ?? 0) + 1]));
};
