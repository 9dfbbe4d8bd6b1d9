import type { ParkedEventView } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from './conditions.js';
import { andOfRunsWithin, type Limited } from './row-limits.js';
import { decodeCursor, toPage, UUID, type Page, type PageRequest } from './page.js';

interface ParkedEventRow {
  readonly id: string;
  readonly process_instance_id: string;
  readonly subject: string;
  readonly error: string;
  readonly deliveries: number;
  readonly bytes: number;
  readonly parked_at: Date;
}

/** Events that could not be applied, the oldest first (their ids are in the order in which they were parked). Throws `InvalidCursor`. */
export const listParkedEvents = async (
  pool: Pool,
  { instanceId, limits }: Limited & { readonly instanceId?: string },
  page: PageRequest,
): Promise<Page<ParkedEventView>> => {
  const where = new Conditions();
  where.equal('process_instance_id', instanceId);
  andOfRunsWithin(where, limits, 'process_instance_id');
  if (page.cursor !== undefined) where.and(`id > ${where.value(decodeCursor(page.cursor, [UUID])[0])}`);
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<ParkedEventRow>(
    `select id, process_instance_id, subject, error, deliveries, length(payload) as bytes, parked_at
       from runtime.parked_event${where} order by id limit ${limit}`,
    where.values,
  );
  return toPage(rows, page.limit, toView, (row) => [row.id]);
};

/** The run of a parked event, or null when there is no such event. */
export const runOfParkedEvent = async (pool: Pool, id: string): Promise<string | null> => {
  const { rows } = await pool.query<{ id: string }>('select process_instance_id as id from runtime.parked_event where id = $1', [id]);
  return rows[0]?.id ?? null;
};

const toView = (row: ParkedEventRow): ParkedEventView => ({
  id: row.id,
  instanceId: row.process_instance_id,
  subject: row.subject,
  error: row.error,
  deliveries: row.deliveries,
  bytes: row.bytes,
  parkedAt: row.parked_at.toISOString(),
});
