import type { ApiLogEntry, ApiLogExportQuery } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from './conditions.js';
import { decodeCursor, toPage, UUID, type Page, type PageRequest } from './page.js';

/** Which entries of the API log. */
export type ApiLogFilter = Omit<ApiLogExportQuery, 'format'>;

type Row = Omit<ApiLogEntry, 'at' | 'durationMs' | 'requestId'> & {
  readonly at: Date;
  readonly duration_ms: number;
  readonly request_id: string;
};

/** Entries of the API log, newest first (their ids are in the order of the answers). Throws `InvalidCursor`. */
export const listApiLog = async (pool: Pool, filter: ApiLogFilter, page: PageRequest): Promise<Page<ApiLogEntry>> => {
  const where = conditionsOf(filter);
  if (page.cursor !== undefined) where.and(`id < ${where.value(decodeCursor(page.cursor, [UUID])[0])}`);
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<Row>(`select * from system.api_log${where} order by id desc limit ${limit}`, where.values);
  return toPage(rows, page.limit, toEntry, (row) => [row.id]);
};

/** Adds entries. */
export const addToApiLog = async (pool: Pool, entries: readonly ApiLogEntry[]): Promise<void> => {
  const rows = entries.map(({ durationMs, requestId, ...entry }) => ({ ...entry, duration_ms: durationMs, request_id: requestId }));
  await pool.query(
    `insert into system.api_log select (jsonb_populate_record(null::system.api_log, row)).* from jsonb_array_elements($1::jsonb) as row`,
    [JSON.stringify(rows)],
  );
};

/** Deletes the oldest entries that are older than so many milliseconds, some at a time; gives how many. */
export const forgetApiLog = async (pool: Pool, keptMs: number, atOnce = 5_000): Promise<number> => {
  const { rowCount } = await pool.query(
    `delete from system.api_log where id in
      (select id from system.api_log where at < now() - $1::float8 * interval '1 millisecond' order by at limit $2)`,
    [keptMs, atOnce],
  );
  return rowCount ?? 0;
};

const conditionsOf = (filter: ApiLogFilter): Conditions => {
  const where = new Conditions();
  where.equal('visitor', filter.visitor);
  where.equal('method', filter.method);
  where.equal('request_id', filter.requestId);
  if (filter.path !== undefined) where.and(`strpos(path, ${where.value(filter.path)}) > 0`);
  if (filter.message !== undefined) where.and(`strpos(lower(message), lower(${where.value(filter.message)})) > 0`);
  if (filter.minStatus !== undefined) where.and(`status >= ${where.value(filter.minStatus)}`);
  if (filter.maxStatus !== undefined) where.and(`status <= ${where.value(filter.maxStatus)}`);
  if (filter.minDuration !== undefined) where.and(`duration_ms >= ${where.value(filter.minDuration)}`);
  if (filter.since !== undefined) where.and(`at >= ${where.value(filter.since)}`);
  if (filter.until !== undefined) where.and(`at < ${where.value(filter.until)}`);
  return where;
};

const toEntry = ({ at, duration_ms, request_id, ...row }: Row): ApiLogEntry => ({
  ...row,
  at: at.toISOString(),
  durationMs: duration_ms,
  requestId: request_id,
});
