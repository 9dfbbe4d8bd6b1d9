import { INSERT_AUDIT_RECORDS, storedAuditRow } from '@orderlines/persistence/postgres';
import type { AuditedRequest } from '../instance/batch-item.js';
import type { BatchQueries, Statement } from './batch-session.js';

export const INSERT_AUDIT: Statement = { name: 'insert-audit', text: INSERT_AUDIT_RECORDS };

/** Writes down what people have asked for, in the transaction that does it. */
export const writeAudit = async (queries: BatchQueries, audited: readonly AuditedRequest[], now: number): Promise<void> => {
  if (audited.length === 0) return;
  const at = new Date(now);
  await queries.run(INSERT_AUDIT, [JSON.stringify(audited.map(({ entry, origin }) => storedAuditRow(entry, origin, at)))]);
};
