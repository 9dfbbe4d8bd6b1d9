import type { AuditExportQuery, AuditView } from '@orderlines/contracts';
import type { Pool } from 'pg';
import type { AuditRow } from '../audit/audit-record.js';
import { Conditions } from './conditions.js';
import { decodeCursor, toPage, UUID, type Page, type PageRequest } from './page.js';

/** Which records of the audit trail. */
export type AuditFilter = Omit<AuditExportQuery, 'format'>;

type Row = Omit<AuditRow, 'at'> & { readonly at: Date; readonly number: string | null };

/** Records of the audit trail, newest first (their ids are in the order in which they were made). Throws `InvalidCursor`. */
export const listAudit = async (pool: Pool, filter: AuditFilter, page: PageRequest): Promise<Page<AuditView>> => {
  const where = conditionsOf(filter);
  if (page.cursor !== undefined) where.and(`r.id < ${where.value(decodeCursor(page.cursor, [UUID])[0])}`);
  const limit = where.value(page.limit + 1);
  const { rows } = await pool.query<Row>(`${SELECT}${where} order by r.id desc limit ${limit}`, where.values);
  return toPage(rows, page.limit, toView, (row) => [row.id]);
};

const SELECT = `select r.*, l.seq as number from system.audit_record r left join system.audit_link l on l.record_id = r.id`;

const conditionsOf = (filter: AuditFilter): Conditions => {
  const where = new Conditions();
  where.equal('r.actor', filter.actor);
  where.equal('r.action', filter.action);
  where.equal('r.subject_kind', filter.kind);
  where.equal('r.namespace', filter.namespace);
  where.equal('r.outcome', filter.outcome);
  where.equal('r.request_id', filter.requestId);
  if (filter.subject !== undefined) {
    const subject = where.value(filter.subject);
    where.and(`(r.subject_id = ${subject} or r.subject_name = ${subject})`);
  }
  if (filter.since !== undefined) where.and(`r.at >= ${where.value(filter.since)}`);
  if (filter.until !== undefined) where.and(`r.at < ${where.value(filter.until)}`);
  return where;
};

const toView = (row: Row): AuditView => ({
  id: row.id,
  number: row.number === null ? null : Number(row.number),
  at: row.at.toISOString(),
  ...{ actor: row.actor, door: row.door, address: row.address, requestId: row.request_id, action: row.action },
  subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name, namespace: row.namespace },
  outcome: row.outcome,
  reason: row.outcome === 'refused' ? { code: row.reason_code, message: row.reason } : null,
  ...{ before: row.before, after: row.after },
});
