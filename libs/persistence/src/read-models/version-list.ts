import type { VersionSummary } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from './conditions.js';
import { decodeCursor, INTEGER, toPage, type Page, type PageRequest } from './page.js';

interface VersionRow extends Omit<VersionSummary, 'createdAt'> {
  readonly createdAt: Date;
}

/** Versions of a process, newest first. Throws `InvalidCursor`. */
export const listVersions = async (pool: Pool, processId: string, page: PageRequest): Promise<Page<VersionSummary>> => {
  const where = new Conditions();
  where.equal('v.process_id', processId);
  if (page.cursor !== undefined) where.and(`v.number < ${where.value(decodeCursor(page.cursor, [INTEGER])[0])}`);
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<VersionRow>(
    `select v.id, v.number, v.status, v.source_format as "sourceFormat", v.description, v.created_by as "createdBy", v.created_at as "createdAt"
       from definition.process_version v${where} order by v.number desc limit ${limit}`,
    where.values,
  );
  const toSummary = (row: VersionRow): VersionSummary => ({ ...row, createdAt: row.createdAt.toISOString() });
  return toPage(rows, page.limit, toSummary, (row) => [row.number]);
};
