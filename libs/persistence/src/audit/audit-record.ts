import { canonicalJson, cleanJson, maskGuarded, type Json } from '@orderlines/contracts';
import { createHash } from 'node:crypto';
import { currentRequest, type Door } from '@orderlines/service-host';
import { v7 as uuidv7 } from 'uuid';
import { shortened, withoutSecrets } from './without-secrets.js';

/** What something is done to; each text is empty where there is none. */
export interface AuditSubject {
  /** Its kind, as permissions name it: `Process`, `User`, `Secret`. */
  readonly kind: string;
  readonly id?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** Something that was done, or refused. */
export interface AuditEntry {
  /** A verb, as permissions name it: `create`, `update`, `delete`, `publish`, `start`. */
  readonly action: string;
  readonly subject: AuditSubject;
  /** What it was and what it is, as far as it was changed, without secrets; what looks like one is left out all the same. */
  readonly before?: object | null;
  readonly after?: object | null;
  /** Why it was refused; absent: it was done. */
  readonly refusal?: { readonly code: string; readonly message: string };
  /** Who did it, where the request does not know it (somebody who logs in). */
  readonly actor?: string;
}

/** Where a record is made, for those who carry a request on to another service. */
export interface AuditOrigin {
  readonly actor: string;
  readonly door: Door;
  readonly address: string;
  readonly requestId: string;
}

/** A record as it is stored; `digest` is over all the rest. */
export interface AuditRow {
  readonly id: string;
  /** ISO 8601, milliseconds. */
  readonly at: string;
  readonly actor: string;
  readonly door: string;
  readonly address: string;
  readonly request_id: string;
  readonly action: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly subject_name: string;
  readonly namespace: string;
  readonly outcome: 'done' | 'refused';
  readonly reason_code: string;
  readonly reason: string;
  readonly before: Json;
  readonly after: Json;
}

/** Whatever runs SQL inside the transaction of the change: TypeORM's `EntityManager`, a pool, a client. */
export interface AuditSession {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Adds rows, given as one JSON list. */
export const INSERT_AUDIT_RECORDS = `insert into system.audit_record
  select (jsonb_populate_record(null::system.audit_record, row)).* from jsonb_array_elements($1::jsonb) as row`;

/** Writes the one record of a change, in its transaction; who, from where and for which request are those of the current request. */
const record = async (session: AuditSession, entry: AuditEntry): Promise<void> => {
  await session.query(INSERT_AUDIT_RECORDS, [JSON.stringify([storedAuditRow(entry, currentOrigin())])]);
  const request = currentRequest();
  if (request !== undefined) request.recorded += 1;
};

/** The audit trail: who changed what, and who was refused what. */
export const audit = { record } as const;

/** Where what is done now comes from; a service that acts by itself is named by `service`. */
export const currentOrigin = (service = 'service:orderlines'): AuditOrigin => {
  const request = currentRequest();
  if (request === undefined) return { actor: service, door: 'service', address: '', requestId: uuidv7() };
  const { actor, door, address, requestId } = request;
  return { actor, door, address, requestId };
};

/** A record ready for {@link INSERT_AUDIT_RECORDS}. */
export const storedAuditRow = (entry: AuditEntry, origin: AuditOrigin, now = new Date()): AuditRow & { readonly digest: string } => {
  const { action, subject, refusal } = entry;
  const row = cleanJson({
    id: uuidv7({ msecs: now.getTime() }),
    at: now.toISOString(),
    actor: entry.actor ?? origin.actor,
    door: origin.door,
    address: origin.address,
    request_id: origin.requestId,
    action,
    subject_kind: subject.kind,
    subject_id: subject.id ?? '',
    subject_name: subject.name ?? '',
    namespace: subject.namespace ?? '',
    outcome: refusal ? 'refused' : 'done',
    reason_code: refusal?.code ?? '',
    reason: shortened(maskGuarded(refusal?.message ?? '')),
    before: withoutSecrets(entry.before ?? null),
    after: withoutSecrets(entry.after ?? null),
  }) as unknown as AuditRow;
  return { ...row, digest: `\\x${auditDigest(row).toString('hex')}` };
};

/** SHA-256 of everything that a record says. */
export const auditDigest = (row: AuditRow): Buffer =>
  createHash('sha256')
    .update(
      canonicalJson([
        row.id,
        row.at,
        row.actor,
        row.door,
        row.address,
        row.request_id,
        row.action,
        row.subject_kind,
        row.subject_id,
        row.subject_name,
        row.namespace,
        row.outcome,
        row.reason_code,
        row.reason,
        row.before,
        row.after,
      ]),
    )
    .digest();
