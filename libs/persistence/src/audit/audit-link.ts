import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../in-transaction.js';

/** Records that are linked in one transaction. */
const LINKED_AT_ONCE = 500;

/** Signs the end of the chain, so that nobody who can only write to the database can make another chain; null: there is no key. */
export interface ChainSigner {
  sign(text: string): { readonly keyId: string; readonly signature: Buffer } | null;
}

/** Where the chain ends. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: Buffer;
}

/** The hash of a link: of the one before it, its number, and what its record says. */
export const linkHash = (previous: Buffer, seq: number, recordId: string, digest: Buffer): Buffer =>
  createHash('sha256').update(previous).update(`${seq} ${recordId} `).update(digest).digest();

/** What is signed of the chain's end. */
export const signedHead = ({ seq, hash }: ChainHead): string => `audit head ${seq} ${hash.toString('hex')}`;

/**
 * Links the records that wait for it, in one transaction; gives how many. Whoever else links meanwhile is not waited for: then it is none.
 * Records are written without a lock, so changes never wait for each other here.
 */
export const linkAuditRecords = (pool: Pool, signer: ChainSigner): Promise<number> =>
  inTransaction(pool, (client) => linkOnce(client, signer));

const linkOnce = async (client: PoolClient, signer: ChainSigner): Promise<number> => {
  const { rows: heads } = await client.query<{ seq: string; hash: Buffer; key_id: string | null }>(
    'select seq, hash, key_id from system.audit_head for update skip locked',
  );
  const [head] = heads;
  if (head === undefined) return 0;
  const { rows } = await client.query<{ id: string; digest: Buffer }>(
    `select r.id, r.digest from system.audit_pending p join system.audit_record r on r.id = p.record_id order by r.id limit $1`,
    [LINKED_AT_ONCE],
  );
  const links = chained({ seq: Number(head.seq), hash: head.hash }, rows);
  const last = links.at(-1);
  if (last === undefined) return 0;
  const ids = links.map(({ recordId }) => recordId);
  await client.query('insert into system.audit_link (seq, record_id, hash) select * from unnest($1::bigint[], $2::uuid[], $3::bytea[])', [
    links.map(({ seq }) => seq),
    ids,
    links.map(({ hash }) => hash),
  ]);
  await client.query('delete from system.audit_pending where record_id = any($1)', [ids]);
  const { keyId = null, signature = null } = signer.sign(signedHead(last)) ?? {};
  await client.query('update system.audit_head set seq = $1, hash = $2, key_id = $3, signature = $4', [
    last.seq,
    last.hash,
    keyId,
    signature,
  ]);
  return links.length;
};

const chained = (head: ChainHead, records: readonly { readonly id: string; readonly digest: Buffer }[]) => {
  let end = head;
  return records.map(({ id, digest }) => {
    const seq = end.seq + 1;
    end = { seq, hash: linkHash(end.hash, seq, id, digest) };
    return { ...end, recordId: id };
  });
};
