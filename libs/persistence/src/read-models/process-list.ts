import type { ProcessSummary } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from './conditions.js';
import { PROCESS_ATTRIBUTES } from './attributes.js';
import { andWithin, type Limited } from './row-limits.js';
import { ANY_TEXT, decodeCursor, toPage, UUID, type Page, type PageRequest } from './page.js';

/** Which processes; removed ones are never listed. */
export interface ProcessFilter extends Limited {
  readonly namespace?: string;
  /** Any part of the name, whatever its case. */
  readonly name?: string;
}

interface ProcessRow {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly legacy_id: string | null;
  readonly description: string;
  readonly labels: Record<string, string>;
  readonly latest_version: number | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly updated_by: string;
  readonly updated_at: Date;
}

const toSummary = (row: ProcessRow): ProcessSummary => ({
  id: row.id,
  namespace: row.namespace,
  name: row.name,
  legacyId: row.legacy_id,
  description: row.description,
  labels: row.labels,
  latestVersion: row.latest_version,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  updatedBy: row.updated_by,
  updatedAt: row.updated_at.toISOString(),
});

/** Processes by namespace and name. Throws `InvalidCursor`. */
export const listProcesses = async (pool: Pool, filter: ProcessFilter, page: PageRequest): Promise<Page<ProcessSummary>> => {
  const where = new Conditions();
  where.and('p.removed_at is null');
  where.equal('p.namespace', filter.namespace);
  andWithin(where, filter.limits, PROCESS_ATTRIBUTES);
  if (filter.name !== undefined) where.and(`strpos(lower(p.name), lower(${where.value(filter.name)})) > 0`);
  if (page.cursor !== undefined) {
    const [namespace, name, id] = decodeCursor(page.cursor, [ANY_TEXT, ANY_TEXT, UUID]).map((part) => where.value(part));
    where.and(`(p.namespace, p.name, p.id) > (${namespace}, ${name}, ${id}::uuid)`);
  }
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<ProcessRow>(
    `select p.id, p.namespace, p.name, p.legacy_id, p.description, p.labels, p.latest_version, p.created_by, p.created_at, p.updated_by,
        p.updated_at
       from definition.process p${where} order by p.namespace, p.name, p.id limit ${limit}`,
    where.values,
  );
  return toPage(rows, page.limit, toSummary, (row) => [row.namespace, row.name, row.id]);
};
