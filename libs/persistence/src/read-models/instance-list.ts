import type { InstanceSummary, ProcessStatus } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from './conditions.js';
import { RUN_ATTRIBUTES } from './attributes.js';
import { andWithin, type Limited } from './row-limits.js';
import { INSTANCE_COLUMNS, toInstanceSummary, type InstanceRow } from './instance-row.js';
import { decodeCursor, toPage, UUID, type Page, type PageRequest } from './page.js';

/** Which runs. */
export interface InstanceFilter extends Limited {
  readonly ids?: readonly string[];
  readonly processId?: string;
  readonly namespace?: string;
  readonly status?: ProcessStatus;
}

/** Runs, newest first (their ids are in the order of their start). Throws `InvalidCursor`. */
export const listInstances = async (pool: Pool, filter: InstanceFilter, page: PageRequest): Promise<Page<InstanceSummary>> => {
  const where = new Conditions();
  if (filter.ids) where.and(`i.id = any (${where.value(filter.ids)}::uuid[])`);
  where.equal('i.process_id', filter.processId);
  where.equal('i.namespace', filter.namespace);
  where.equal('i.status', filter.status);
  andWithin(where, filter.limits, RUN_ATTRIBUTES);
  if (page.cursor !== undefined) where.and(`i.id < ${where.value(decodeCursor(page.cursor, [UUID])[0])}`);
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<InstanceRow>(
    `select ${INSTANCE_COLUMNS} from runtime.process_instance i${where} order by i.id desc limit ${limit}`,
    where.values,
  );
  return toPage(rows, page.limit, toInstanceSummary, (row) => [row.id]);
};
