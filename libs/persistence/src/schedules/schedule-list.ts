import type { ScheduleState, ScheduleView } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from '../read-models/conditions.js';
import { ANY_TEXT, decodeCursor, toPage, UUID, type Page, type PageRequest } from '../read-models/page.js';
import { andWithin, type Limited } from '../read-models/row-limits.js';
import { SCHEDULE_ATTRIBUTES, SCHEDULE_COLUMNS, toScheduleView, type ScheduleRow } from './schedule-row.js';

/** Which schedules; removed ones are never listed. */
export interface ScheduleFilter extends Limited {
  readonly namespace?: string | undefined;
  /** Any part of the name, whatever its case. */
  readonly name?: string | undefined;
  readonly processId?: string | undefined;
  readonly state?: ScheduleState | undefined;
}

/** Schedules by namespace and name. Throws `InvalidCursor`. */
export const listSchedules = async (pool: Pool, filter: ScheduleFilter, page: PageRequest): Promise<Page<ScheduleView>> => {
  const where = new Conditions();
  where.and(`s.state <> 'removed'`);
  where.equal('s.namespace', filter.namespace);
  where.equal('s.process_id', filter.processId);
  where.equal('s.state', filter.state);
  if (filter.name !== undefined) where.and(`strpos(lower(s.name), lower(${where.value(filter.name)})) > 0`);
  andWithin(where, filter.limits, SCHEDULE_ATTRIBUTES);
  if (page.cursor !== undefined) {
    const [namespace, name, id] = decodeCursor(page.cursor, [ANY_TEXT, ANY_TEXT, UUID]).map((part) => where.value(part));
    where.and(`(s.namespace, s.name, s.id) > (${namespace}, ${name}, ${id}::uuid)`);
  }
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<ScheduleRow>(
    `select ${SCHEDULE_COLUMNS} from schedule.schedule s join definition.process p on p.id = s.process_id${where}
      order by s.namespace, s.name, s.id limit ${limit}`,
    where.values,
  );
  return toPage(rows, page.limit, toScheduleView, (row) => [row.namespace, row.name, row.id]);
};
