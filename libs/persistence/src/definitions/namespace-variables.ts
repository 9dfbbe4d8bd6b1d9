import type { Json, RowLimits, VariableType } from '@orderlines/contracts';
import type { Pool } from 'pg';
import { audit } from '../audit/audit-record.js';
import { inTransaction } from '../in-transaction.js';
import { Conditions } from '../read-models/conditions.js';
import { andWithin } from '../read-models/row-limits.js';

/** Whose variable, and which. An empty namespace: every namespace reads it. */
export interface VariableKey {
  readonly namespace: string;
  readonly name: string;
}

/** A variable of a namespace as it is stored. */
export interface StoredVariable extends VariableKey {
  readonly type: VariableType;
  readonly value: Json;
  readonly description: string;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

const COLUMNS = `namespace, name, type, value, description, updated_by as "updatedBy", updated_at as "updatedAt"`;

/** The values that a namespace reads under these names: its own, else those of all namespaces. */
export const readVariables = async (pool: Pool, namespace: string, names: readonly string[]): Promise<Map<string, Json>> => {
  const { rows } = await pool.query<{ name: string; value: Json }>({
    name: 'read-variables',
    text: `select distinct on (name) name, value from definition.variable
      where name = any($2) and namespace in ($1, '') order by name, namespace desc`,
    values: [namespace, names],
  });
  return new Map(rows.map(({ name, value }) => [name, value]));
};

/** Variables by namespace and name. */
export const listVariables = async (pool: Pool, limits?: RowLimits): Promise<StoredVariable[]> => {
  const where = new Conditions();
  andWithin(where, limits, { namespace: 'namespace', name: 'name' });
  const { rows } = await pool.query<StoredVariable>(
    `select ${COLUMNS} from definition.variable${where} order by namespace, name limit 10000`,
    where.values,
  );
  return rows;
};

/** Stores a variable, also over an older one of the name. */
export const saveVariable = (pool: Pool, variable: Omit<StoredVariable, 'updatedAt'>): Promise<StoredVariable> =>
  inTransaction(pool, async (client) => {
    const { namespace, name, type, value, description, updatedBy } = variable;
    const { rows: known } = await client.query<{ type: string; value: Json }>(
      'select type, value from definition.variable where namespace = $1 and name = $2 for update',
      [namespace, name],
    );
    const { rows } = await client.query<StoredVariable>(
      `insert into definition.variable (namespace, name, type, value, description, updated_by) values ($1, $2, $3, $4::jsonb, $5, $6)
        on conflict (namespace, name) do update set type = excluded.type, value = excluded.value, description = excluded.description,
          updated_by = excluded.updated_by, updated_at = now() returning ${COLUMNS}`,
      [namespace, name, type, JSON.stringify(value), description, updatedBy],
    );
    await audit.record(client, { action: 'write', subject: subjectOf(variable), before: known[0] ?? null, after: { type, value } });
    const [saved] = rows;
    if (saved === undefined) throw new Error('Postgres gave no row back');
    return saved;
  });

/** Removes a variable; false: there was none. */
export const deleteVariable = (pool: Pool, key: VariableKey): Promise<boolean> =>
  inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ type: string; value: Json }>(
      'delete from definition.variable where namespace = $1 and name = $2 returning type, value',
      [key.namespace, key.name],
    );
    if (rows[0] === undefined) return false;
    await audit.record(client, { action: 'delete', subject: subjectOf(key), before: rows[0] });
    return true;
  });

const subjectOf = ({ namespace, name }: VariableKey) => ({ kind: 'Variable', id: `${namespace}/${name}`, name, namespace });
