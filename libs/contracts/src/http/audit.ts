import { z } from 'zod';
import { AnyJson } from '../json.js';
import { pageOf, pageQuery } from './paging.js';

/** What became of what somebody wanted. */
export const AUDIT_OUTCOMES = ['done', 'refused'] as const;

/** A record of the audit trail. */
export const AuditView = z
  .object({
    id: z.uuid(),
    /** Place in the chain; null for the moment until it is linked. */
    number: z.int().nullable(),
    at: z.iso.datetime(),
    actor: z.string(),
    /** `http`, `grpc`, `command` (on the database itself) or `service`. */
    door: z.string(),
    address: z.string(),
    requestId: z.string(),
    action: z.string(),
    subject: z.object({ kind: z.string(), id: z.string(), name: z.string(), namespace: z.string() }),
    outcome: z.enum(AUDIT_OUTCOMES),
    reason: z.object({ code: z.string(), message: z.string() }).nullable(),
    before: AnyJson,
    after: AnyJson,
  })
  .meta({ id: 'AuditRecord' });
/** A record of the audit trail. */
export type AuditView = z.infer<typeof AuditView>;

const moment = z.iso.datetime({ offset: true }).optional();
const text = z.string().max(300).optional();

/** Which records of the audit trail. */
const auditFilter = {
  actor: text,
  action: text,
  /** Kind of the subject, e.g. `Process`. */
  kind: text,
  /** Id or name of the subject. */
  subject: text,
  namespace: text,
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  requestId: text,
  since: moment,
  until: moment,
};

/** Query of `GET audit`. */
export const AuditQuery = z.object({ ...pageQuery, ...auditFilter });
/** Query of `GET audit`. */
export type AuditQuery = z.infer<typeof AuditQuery>;

/** Forms in which a list is exported. */
export const TABLE_FORMATS = ['csv', 'ndjson'] as const;
/** A form in which a list is exported. */
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** Query of `GET audit/export`. */
export const AuditExportQuery = z.object({ ...auditFilter, format: z.enum(TABLE_FORMATS).default('csv') });
/** Query of `GET audit/export`. */
export type AuditExportQuery = z.infer<typeof AuditExportQuery>;

/** A page of the audit trail, newest first. */
export const AuditPage = pageOf('AuditPage', AuditView);
/** A page of the audit trail, newest first. */
export type AuditPage = z.infer<typeof AuditPage>;

/** One thing that is wrong with the audit trail. */
export const AuditProblem = z.object({
  code: z.enum([
    'record.changed',
    'record.removed',
    'record.inserted',
    'link.changed',
    'link.missing',
    'link.inserted',
    'head.differs',
    'signature.wrong',
  ]),
  /** Place in the chain. */
  seq: z.int().nullable(),
  recordId: z.string().nullable(),
  message: z.string(),
});
/** One thing that is wrong with the audit trail. */
export type AuditProblem = z.infer<typeof AuditProblem>;

/** What `orderlines audit verify` found. */
export const AuditVerification = z
  .object({
    intact: z.boolean(),
    records: z.int(),
    /** Records that are not linked yet: those of the last second. */
    pending: z.int(),
    /** Number and hash of the last link: note it elsewhere, and nobody can cut the end off unseen. */
    head: z.string(),
    /** `none`: there is no key of secrets; `unknown-key`: it was made with a key that is not there any more. */
    signature: z.enum(['good', 'wrong', 'none', 'unknown-key']),
    problems: z.array(AuditProblem),
  })
  .meta({ id: 'AuditVerification' });
/** What `orderlines audit verify` found. */
export type AuditVerification = z.infer<typeof AuditVerification>;

/** Query of `GET audit/verification`. */
export const AuditVerificationQuery = z.object({
  /** A `head` that was noted before: it must still be in the chain. */
  noted: z
    .string()
    .regex(/^\d{1,15}:[0-9a-f]{64}$/, 'write `<number>:<hash>`, as an earlier verification gave it')
    .optional(),
});
/** Query of `GET audit/verification`. */
export type AuditVerificationQuery = z.infer<typeof AuditVerificationQuery>;
