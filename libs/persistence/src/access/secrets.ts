import type { RowLimits } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { Conditions } from '../read-models/conditions.js';
import { andWithin } from '../read-models/row-limits.js';

/** Whose secret, and which. An empty namespace: every namespace reads it. */
export interface SecretName {
  readonly namespace: string;
  readonly name: string;
}

/** A secret as it is stored. */
export interface StoredSecret extends SecretName {
  readonly keyId: string;
  readonly box: Buffer;
}

/** What is shown of a secret. */
export interface SecretSummary extends SecretName {
  readonly description: string;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

/** What a sealed secret is bound to: it opens under no other name. */
export const boundToName = ({ namespace, name }: SecretName): string => `secret ${namespace}/${name}`;

const SUMMARY = `namespace, name, description, updated_by as "updatedBy", updated_at as "updatedAt"`;

/** Stores a secret, also over an older one of the name. */
export const saveSecret = async (
  pool: Pool,
  secret: StoredSecret & Pick<SecretSummary, 'description' | 'updatedBy'>,
): Promise<SecretSummary> => {
  const { namespace, name, keyId, box, description, updatedBy } = secret;
  const { rows } = await pool.query<SecretSummary>({
    name: 'save-secret',
    text: `insert into system.secret (namespace, name, key_id, box, description, updated_by) values ($1, $2, $3, $4, $5, $6)
      on conflict (namespace, name) do update set key_id = excluded.key_id, box = excluded.box, description = excluded.description,
        updated_by = excluded.updated_by, updated_at = now()
      returning ${SUMMARY}`,
    values: [namespace, name, keyId, box, description, updatedBy],
  });
  const [saved] = rows;
  if (saved === undefined) throw new Error('Postgres gave no row back');
  return saved;
};

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
export const deleteSecret = async (pool: Pool, { namespace, name }: SecretName): Promise<boolean> => {
  const { rowCount } = await pool.query('delete from system.secret where namespace = $1 and name = $2', [namespace, name]);
  return rowCount === 1;
};

/** The secret that a namespace reads under a name: its own, else the one of all namespaces. */
export const findSecret = async (pool: Pool, { namespace, name }: SecretName): Promise<StoredSecret | null> => {
  const { rows } = await pool.query<StoredSecret>({
    name: 'find-secret',
    text: `select namespace, name, key_id as "keyId", box from system.secret where name = $2 and namespace in ($1, '') order by namespace desc limit 1`,
    values: [namespace, name],
  });
  return rows[0] ?? null;
};
