import type { InstanceQuery, InstanceSort, InstanceSummary } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from './conditions.js';
import { RUN_ATTRIBUTES } from './attributes.js';
import { andWithin, type Limited } from './row-limits.js';
import { INSTANCE_COLUMNS, toInstanceSummary, type InstanceRow } from './instance-row.js';
import { decodeCursor, toPage, UUID, type Page, type PageRequest } from './page.js';

/** Which runs. */
export interface InstanceFilter extends Limited, Partial<Omit<InstanceQuery, 'process' | 'cursor' | 'limit' | 'sort'>> {
  readonly ids?: readonly string[];
  readonly processId?: string | undefined;
}

/** An order by a column that may be asked for by an index; its cursor names the last row's moment in microseconds. */
type Order = { readonly by: 'id' | 'finished'; readonly direction: 'asc' | 'desc' };
const ORDERS: Readonly<Record<InstanceSort, Order>> = {
  created: { by: 'id', direction: 'asc' },
  '-created': { by: 'id', direction: 'desc' },
  finished: { by: 'finished', direction: 'asc' },
  '-finished': { by: 'finished', direction: 'desc' },
};
/** Microseconds since 1970, up to the year 2286. */
const MICROSECONDS = /^\d{1,16}$/;

type Row = InstanceRow & { readonly finished_us: string | null };

/** Runs in the order that is wanted, else the newest first (their ids are in the order of their start). Throws `InvalidCursor`. */
export const listInstances = async (
  pool: Pool,
  filter: InstanceFilter,
  page: PageRequest,
  sort: InstanceSort = '-created',
): Promise<Page<InstanceSummary>> => {
  const where = conditionsOf(filter);
  const { by, direction } = ORDERS[sort];
  if (by === 'finished') where.and('i.finished_at is not null');
  if (page.cursor !== undefined) where.and(behind(where, page.cursor, ORDERS[sort]));
  const limit = where.value(page.limit + 1);
  const order = by === 'id' ? `i.id ${direction}` : `i.finished_at ${direction}, i.id ${direction}`;
  const { rows } = await pool.query<Row>(
    `select ${INSTANCE_COLUMNS}, (extract(epoch from i.finished_at) * 1000000)::bigint as finished_us
       from runtime.process_instance i${where} order by ${order} limit ${limit}`,
    where.values,
  );
  return toPage(rows, page.limit, toInstanceSummary, (row) => (by === 'id' ? [row.id] : [row.finished_us ?? '', row.id]));
};

const behind = (where: Conditions, cursor: string, { by, direction }: Order): string => {
  const sign = direction === 'asc' ? '>' : '<';
  if (by === 'id') return `i.id ${sign} ${where.value(decodeCursor(cursor, [UUID])[0])}`;
  const [moment, id] = decodeCursor(cursor, [MICROSECONDS, UUID]);
  const finished = `timestamptz 'epoch' + ${where.value(moment)}::bigint * interval '1 microsecond'`;
  return `(i.finished_at, i.id) ${sign} (${finished}, ${where.value(id)}::uuid)`;
};

const conditionsOf = (filter: InstanceFilter): Conditions => {
  const where = new Conditions();
  if (filter.ids) where.and(`i.id = any (${where.value(filter.ids)}::uuid[])`);
  where.equal('i.process_id', filter.processId);
  where.equal('i.namespace', filter.namespace);
  where.equal('i.status', filter.status);
  where.equal('i.origin', filter.origin);
  where.equal('i.started_by', filter.startedBy);
  if (filter.label !== undefined)
    where.and(`i.process_id in (select p.id from definition.process p where ${labelled(where, filter.label)})`);
  if (filter.waiting !== undefined) where.and(filter.waiting ? WAITS_FOR_PERSON : `not (${WAITS_FOR_PERSON})`);
  // Ids begin with the moment of the start, which leaves out whole months, and an index finds the others.
  if (filter.since !== undefined) where.and(`i.id >= runtime.uuid_v7_floor(${where.value(filter.since)}::timestamptz)`);
  if (filter.until !== undefined) where.and(`i.id < runtime.uuid_v7_floor(${where.value(filter.until)}::timestamptz)`);
  andWithin(where, filter.limits, RUN_ATTRIBUTES);
  return where;
};

const WAITS_FOR_PERSON = `i.status in ('PENDING', 'RUNNING', 'PAUSED') and exists (select from runtime.task_instance t
  where t.process_instance_id = i.id and t.waits_for->>'kind' in ('approval', 'operator', 'breakpoint'))`;

/** `key=value`, or a key with any value. */
const labelled = (where: Conditions, label: string): string => {
  const at = label.indexOf('=');
  if (at < 0) return `p.labels ? ${where.value(label)}::text`;
  return `p.labels->>${where.value(label.slice(0, at))}::text = ${where.value(label.slice(at + 1))}`;
};
