import type { RowLimits } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { audit } from '../audit/audit-record.js';
import { inTransaction } from '../in-transaction.js';
import { Conditions } from '../read-models/conditions.js';
import { andWithin } from '../read-models/row-limits.js';

/** Whose secret, and which. An empty namespace: every namespace reads it. */
export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

/** Where a secret lies: sealed in its row, or elsewhere. */
export type SecretPlace =
  | { readonly keyId: string; readonly box: Buffer; readonly reference?: undefined }
  /** `env:NAME` or `file:/path`. */
  | { readonly reference: string };

/** A secret as it is stored. */
export type StoredSecret = SecretName & SecretPlace;

/** What is shown of a secret. */
export interface SecretSummary extends SecretName {
  readonly description: string;
  readonly reference: string | null;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

/** What a sealed secret is bound to: it opens under no other name. */
export const boundToName = ({ namespace, name }: SecretName): string => `secret ${namespace}/${name}`;

const SUMMARY = `namespace, name, description, reference, updated_by as "updatedBy", updated_at as "updatedAt"`;

/** Stores a secret, also over an older one. */
export const saveSecret = (pool: Pool, secret: StoredSecret & Pick<SecretSummary, 'description' | 'updatedBy'>): Promise<SecretSummary> =>
  inTransaction(pool, async (client) => {
    const { namespace, name, description, updatedBy } = secret;
    const { rows: known } = await client.query<Pick<SecretSummary, 'reference' | 'description'>>(
      'select reference, description from system.secret where namespace = $1 and name = $2 for update',
      [namespace, name],
    );
    const [keyId, box, reference] = secret.reference === undefined ? [secret.keyId, secret.box, null] : [null, null, secret.reference];
    const { rows } = await client.query<SecretSummary>(
      `insert into system.secret (namespace, name, key_id, box, reference, description, updated_by) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (namespace, name) do update set key_id = excluded.key_id, box = excluded.box, reference = excluded.reference,
          description = excluded.description, updated_by = excluded.updated_by, updated_at = now()
        returning ${SUMMARY}`,
      [namespace, name, keyId, box, reference, description, updatedBy],
    );
    const subject = { kind: 'Secret', id: `${namespace}/${name}`, name, namespace };
    await audit.record(client, { action: 'write', subject, before: known[0] ?? null, after: { reference, description } });
    const [saved] = rows;
    if (saved === undefined) throw new Error('Postgres gave no row back');
    return saved;
  });

/** Seals secrets again that are sealed with another key than this one, some at a time, and gives how many it did and how many are left. */
export const resealSecrets = (
  pool: Pool,
  keyId: string,
  reseal: (secret: SecretName & { readonly keyId: string; readonly box: Buffer }) => { readonly keyId: string; readonly box: Buffer },
  atOnce = 100,
): Promise<{ readonly resealed: number; readonly remaining: number }> =>
  inTransaction(pool, async (client) => {
    const { rows } = await client.query<SecretName & { readonly keyId: string; readonly box: Buffer }>(
      `select namespace, name, key_id as "keyId", box from system.secret where key_id <> $1 order by namespace, name limit $2
        for update skip locked`,
      [keyId, atOnce],
    );
    for (const secret of rows) {
      const sealed = reseal(secret);
      await client.query('update system.secret set key_id = $3, box = $4 where namespace = $1 and name = $2', [
        secret.namespace,
        secret.name,
        sealed.keyId,
        sealed.box,
      ]);
    }
    if (rows.length > 0) {
      const before = { keyIds: [...new Set(rows.map((row) => row.keyId))] };
      await audit.record(client, { action: 'rotate-key', subject: { kind: 'Secret' }, before, after: { keyId, secrets: rows.length } });
    }
    const { rows: left } = await client.query<{ count: string }>('select count(*) from system.secret where key_id <> $1', [keyId]);
    return { resealed: rows.length, remaining: Number(left[0]?.count ?? 0) };
  });

/** Secrets by namespace and name, without their values. */
export const listSecrets = async (pool: Pool, limits?: RowLimits): Promise<SecretSummary[]> => {
  const where = new Conditions();
  andWithin(where, limits, { namespace: 'namespace', name: 'name' });
  const { rows } = await pool.query<SecretSummary>(
    `select ${SUMMARY} from system.secret${where} order by namespace, name limit 10000`,
    where.values,
  );
  return rows;
};

/** Removes a secret; false: there was none. */
export const deleteSecret = (pool: Pool, { namespace, name }: SecretName): Promise<boolean> =>
  inTransaction(pool, async (client) => {
    const { rows } = await client.query<Pick<SecretSummary, 'reference' | 'description'>>(
      'delete from system.secret where namespace = $1 and name = $2 returning reference, description',
      [namespace, name],
    );
    const [before] = rows;
    if (before === undefined) return false;
    await audit.record(client, { action: 'delete', subject: { kind: 'Secret', id: `${namespace}/${name}`, name, namespace }, before });
    return true;
  });

/** The secret that a namespace reads under a name: its own, else the one of all namespaces. */
export const findSecret = async (pool: Pool, { namespace, name }: SecretName): Promise<StoredSecret | null> => {
  const { rows } = await pool.query<SecretName & { keyId: string; box: Buffer; reference: string | null }>({
    name: 'find-secret',
    text: `select namespace, name, key_id as "keyId", box, reference from system.secret where name = $2 and namespace in ($1, '') order by namespace desc limit 1`,
    values: [namespace, name],
  });
  const [row] = rows;
  if (row === undefined) return null;
  const { reference, keyId, box, ...key } = row;
  return reference === null ? { ...key, keyId, box } : { ...key, reference };
};
