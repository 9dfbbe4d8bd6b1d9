import type { JsonObject, Problem } from '@orderlines/contracts';
import { readVariables } from '@orderlines/persistence/postgres';
import type { Pool } from 'pg';
import type { ProcessVersion } from './batch-item.js';

/** What a process reads as `config`, and what of it is not there. */
export interface ReadConfig {
  /** Absent: the process reads none. */
  readonly config?: JsonObject;
  readonly problems: readonly Problem[];
}

/** The variables of its namespace that a process reads, as they are now: the namespace's own before those of all namespaces. */
export const configOf = async (pool: Pool, { namespace, process }: ProcessVersion): Promise<ReadConfig> => {
  const names = [...process.config];
  if (names.length === 0) return { problems: [] };
  const found = await readVariables(pool, namespace, names);
  const missing = names.filter((name) => !found.has(name));
  return { config: Object.fromEntries(found), problems: missing.map((name) => missingVariable(name, namespace)) };
};

const missingVariable = (name: string, namespace: string): Problem => ({
  code: 'variable.missing',
  message: `There is no variable \`${name}\` in the namespace \`${namespace}\`, and none for all: \`orderlines variable set ${name} <value> --namespace ${namespace}\``,
  path: `config.${name}`,
  severity: 'error',
});
