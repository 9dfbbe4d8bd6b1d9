import type { DomainEvent, EventView } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import type { AuditSession } from '../audit/audit-record.js';
import { Conditions } from '../read-models/conditions.js';
import { decodeCursor, toPage, UUID, type Page, type PageRequest } from '../read-models/page.js';
import { andWithin, type Limited } from '../read-models/row-limits.js';

/** Stores an event in the transaction of what it tells of; schedulers publish it. False: its source has published that id before. */
export const insertEvent = async (session: AuditSession, event: DomainEvent, publishedBy: string): Promise<boolean> => {
  const rows = (await session.query(
    `with added as (
        insert into schedule.event (id, namespace, type, source, event_id, event, published_by) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (namespace, source, event_id) do nothing returning id)
      select count(*)::int as added from added`,
    [uuidV7(), event.namespace, event.type, event.source, event.id, JSON.stringify(event), publishedBy],
  )) as { added: number }[];
  return rows[0]?.added === 1;
};

interface EventRow {
  id: string;
  event: DomainEvent;
  published_by: string;
  published_at: Date | null;
}

/** Which events. */
export interface EventFilter extends Limited {
  readonly namespace?: string | undefined;
  readonly type?: string | undefined;
}

/** Events that somebody published, newest first. Throws `InvalidCursor`. */
export const listEvents = async (pool: Pool, filter: EventFilter, page: PageRequest): Promise<Page<EventView>> => {
  const where = new Conditions();
  where.equal('e.namespace', filter.namespace);
  where.equal('e.type', filter.type);
  andWithin(where, filter.limits, { namespace: 'e.namespace', name: 'e.type' });
  if (page.cursor !== undefined) where.and(`e.id < ${where.value(decodeCursor(page.cursor, [UUID])[0])}::uuid`);
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<EventRow>(
    `select e.id, e.event, e.published_by, e.published_at from schedule.event e${where} order by e.id desc limit ${limit}`,
    where.values,
  );
  return toPage(rows, page.limit, toEventView, (row) => [row.id]);
};

const toEventView = ({ event, published_by: publishedBy, published_at: publishedAt }: EventRow): EventView => {
  const { id, type, source, subject, time, namespace, data } = event;
  return { id, type, source, subject, time, namespace, data, publishedBy, publishedAt: publishedAt?.toISOString() ?? null };
};
