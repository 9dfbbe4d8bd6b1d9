import { Get, Query, Res } from '@nestjs/common';
import { Needs } from '@orderlines/auth';
import { AuditExportQuery, AuditPage, AuditQuery, AuditVerification, AuditVerificationQuery, type AuditView } from '@orderlines/contracts';
import type { Response } from 'express';
import { Answers, ApiController } from '../http/documentation.js';
import { sendTable } from '../http/tables.js';
import { AuditTrail } from './audit-trail.js';

/** The audit trail: who changed what from where, and who was refused what. */
@ApiController('audit')
export class AuditController {
  constructor(private readonly trail: AuditTrail) {}

  @Get()
  @Needs('read', 'AuditRecord')
  @Answers(200, 'Records of the audit trail, newest first.', AuditPage)
  list(@Query({ schema: AuditQuery }) query: AuditQuery): Promise<AuditPage> {
    return this.trail.list(query);
  }

  @Get('export')
  @Needs('read', 'AuditRecord')
  @Answers(200, 'All records that the filter lets through, as CSV or one JSON object a line.')
  async export(@Query({ schema: AuditExportQuery }) query: AuditExportQuery, @Res() response: Response): Promise<void> {
    const { format, ...filter } = query;
    await sendTable(response, { name: 'audit', format, columns: COLUMNS, rows: this.trail.export(filter) });
  }

  @Get('verification')
  @Needs('read', 'AuditRecord')
  @Answers(200, 'Walks the whole chain: tells every record that was changed, removed or put in by other means.', AuditVerification)
  verify(@Query({ schema: AuditVerificationQuery }) query: AuditVerificationQuery): Promise<AuditVerification> {
    return this.trail.verify(query);
  }
}

const COLUMNS: readonly (readonly [heading: string, value: (record: AuditView) => unknown])[] = [
  ['number', ({ number }) => number],
  ['at', ({ at }) => at],
  ['actor', ({ actor }) => actor],
  ['door', ({ door }) => door],
  ['address', ({ address }) => address],
  ['action', ({ action }) => action],
  ['kind', ({ subject }) => subject.kind],
  ['subject', ({ subject }) => subject.id],
  ['name', ({ subject }) => subject.name],
  ['namespace', ({ subject }) => subject.namespace],
  ['outcome', ({ outcome }) => outcome],
  ['reason', ({ reason }) => reason?.message ?? ''],
  ['before', ({ before }) => before],
  ['after', ({ after }) => after],
  ['request', ({ requestId }) => requestId],
];
