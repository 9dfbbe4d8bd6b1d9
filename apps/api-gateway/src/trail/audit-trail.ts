import type { AuditPage, AuditQuery, AuditVerification, AuditVerificationQuery, AuditView } from '@orderlines/contracts';
import { allPages, listAudit, verifyAudit, type AuditFilter, type ChainVerifier } from '@orderlines/persistence';
import type { Pool } from 'pg';

/** Who changed what, and who was refused what. */
export class AuditTrail {
  constructor(
    private readonly pool: Pool,
    private readonly verifier: ChainVerifier,
  ) {}

  /** Records, newest first. */
  list({ cursor, limit, ...filter }: AuditQuery): Promise<AuditPage> {
    return listAudit(this.pool, filter, { limit, ...(cursor !== undefined && { cursor }) });
  }

  /** All records that the filter lets through, some at a time. */
  export(filter: AuditFilter): AsyncIterable<AuditView[]> {
    return allPages((page) => listAudit(this.pool, filter, page));
  }

  /** Whether all records are as they were written. */
  verify({ noted }: AuditVerificationQuery): Promise<AuditVerification> {
    const [seq = '', hash = ''] = noted?.split(':') ?? [];
    return verifyAudit(this.pool, this.verifier, noted === undefined ? undefined : { seq: Number(seq), hash: Buffer.from(hash, 'hex') });
  }
}
