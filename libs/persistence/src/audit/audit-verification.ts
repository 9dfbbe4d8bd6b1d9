import type { AuditProblem, AuditVerification } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { auditDigest, type AuditRow } from './audit-record.js';
import { linkHash, signedHead, type ChainHead } from './audit-link.js';

/** Links read at a time. */
const PAGE = 1_000;
/** Problems that are told; a chain that is broken everywhere is told by the first. */
const MAX_PROBLEMS = 1_000;

/** Checks the signature of the chain's end; null: the key is not known here. */
export interface ChainVerifier {
  verify(keyId: string, text: string, signature: Buffer): boolean | null;
}

type RecordColumns = { readonly [Key in keyof Omit<AuditRow, 'at'>]: AuditRow[Key] } & { readonly at: Date; readonly digest: Buffer };
type LinkRow = { readonly seq: string; readonly record_id: string; readonly hash: Buffer } & (RecordColumns | { readonly id: null });

/** Walks the whole chain and tells of every record and link that is not as it was written. Reads one moment of the database. */
export const verifyAudit = async (pool: Pool, verifier: ChainVerifier, noted?: ChainHead): Promise<AuditVerification> => {
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const walk = new ChainWalk(noted);
    for (let rows: LinkRow[] = [], from = '-9223372036854775808', first = true; first || rows.length === PAGE; first = false) {
      ({ rows } = await client.query<LinkRow>(
        `select l.seq, l.record_id, l.hash, r.* from system.audit_link l left join system.audit_record r on r.id = l.record_id
          where l.seq > $1::bigint order by l.seq limit ${PAGE}`,
        [from],
      ));
      for (const row of rows) walk.take(row);
      from = rows.at(-1)?.seq ?? from;
    }
    const { rows: heads } = await client.query<{ seq: string; hash: Buffer; key_id: string | null; signature: Buffer | null }>(
      'select seq, hash, key_id, signature from system.audit_head',
    );
    const [head] = heads;
    const signed = head === undefined ? null : { seq: Number(head.seq), hash: head.hash, keyId: head.key_id, signature: head.signature };
    const signature = walk.end(signed, verifier);
    const { rows: inserted } = await client.query<{ id: string }>(
      `select r.id from system.audit_record r
        where not exists (select from system.audit_link l where l.record_id = r.id)
          and not exists (select from system.audit_pending p where p.record_id = r.id) order by r.id limit ${MAX_PROBLEMS}`,
    );
    walk.inserted(inserted.map(({ id }) => id));
    const { rows: waiting } = await client.query<{ count: string }>('select count(*) from system.audit_pending');
    const { problems, last } = walk;
    return {
      intact: problems.length === 0,
      records: last.seq,
      pending: Number(waiting[0]?.count ?? 0),
      head: `${last.seq}:${last.hash.toString('hex')}`,
      signature,
      problems: problems.slice(0, MAX_PROBLEMS),
    };
  } finally {
    await client.query('rollback').catch(() => undefined);
    client.release();
  }
};

/** The chain as it is walked from its beginning to its end. */
class ChainWalk {
  readonly problems: AuditProblem[] = [];
  /** The last link as it is stored. */
  last: ChainHead = { seq: 0, hash: Buffer.alloc(0) };
  /** What the hash of the last link may have been before somebody changed it: if the next link fits it, that hash was changed and no record. */
  private other: Buffer | null = null;

  constructor(private readonly noted: ChainHead | undefined) {}

  take(row: LinkRow): void {
    const seq = Number(row.seq);
    const follows = seq === this.last.seq + 1;
    if (!follows) this.gap(seq);
    const previous = [this.last.hash, this.other];
    this.last = { seq, hash: row.hash };
    this.other = null;
    if (seq === this.noted?.seq && !row.hash.equals(this.noted.hash)) {
      this.tell('head.differs', seq, null, `Number ${seq} of the chain is not what it was when it was noted.`);
    }
    if (row.id === null) {
      return this.tell('record.removed', seq, row.record_id, `The record ${row.record_id}, number ${seq}, was removed.`);
    }
    const digest = auditDigest({ ...row, at: row.at.toISOString() });
    if (!digest.equals(row.digest)) {
      return this.tell('record.changed', seq, row.record_id, `The record ${row.record_id}, number ${seq}, was changed.`);
    }
    const fitting = previous.flatMap((hash) => (hash === null ? [] : [linkHash(hash, seq, row.record_id, digest)]));
    if (!follows || fitting.some((hash) => hash.equals(row.hash))) return;
    this.other = fitting[0] ?? null;
    this.tell('link.changed', seq, row.record_id, `Number ${seq} of the chain, or its record ${row.record_id}, was changed.`);
  }

  /** Compares with the end that was signed; gives what the signature is worth. */
  end(
    head: (ChainHead & { readonly keyId: string | null; readonly signature: Buffer | null }) | null,
    verifier: ChainVerifier,
  ): AuditVerification['signature'] {
    if (this.noted !== undefined && this.noted.seq > this.last.seq) {
      this.tell('head.differs', this.last.seq, null, `Number ${this.noted.seq} of the chain was noted; it ends with ${this.last.seq} now.`);
    }
    if (head !== null && head.seq > this.last.seq) {
      this.missing(this.last.seq + 1, head.seq);
    } else if (head === null || head.seq !== this.last.seq || !head.hash.equals(this.last.hash)) {
      const expected = head === null ? 'is missing' : `says ${head.seq}`;
      this.tell('head.differs', this.last.seq, null, `The chain ends with number ${this.last.seq}, but its noted end ${expected}.`);
    }
    if (head?.keyId == null || head.signature === null) return 'none';
    const good = verifier.verify(head.keyId, signedHead(head), head.signature);
    if (good === false) this.tell('signature.wrong', head.seq, null, 'The end of the chain was not signed with our key: it was made anew.');
    return good === null ? 'unknown-key' : good ? 'good' : 'wrong';
  }

  inserted(recordIds: readonly string[]): void {
    for (const id of recordIds)
      this.tell('record.inserted', null, id, `The record ${id} is not in the chain: it was put in by other means.`);
  }

  private gap(seq: number): void {
    const from = this.last.seq + 1;
    if (seq < from) return this.tell('link.inserted', seq, null, `Number ${seq} of the chain was put in by other means.`);
    this.missing(from, seq - 1);
  }

  private missing(from: number, to: number): void {
    const numbers = to === from ? `Number ${from} of the chain is` : `The numbers ${from} to ${to} of the chain are`;
    this.tell('link.missing', from, null, `${numbers} missing.`);
  }

  private tell(code: AuditProblem['code'], seq: number | null, recordId: string | null, message: string): void {
    this.problems.push({ code, seq, recordId, message });
  }
}
