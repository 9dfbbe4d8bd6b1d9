import { BUILT_IN_ROLES } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { readPolicy } from './policy.js';
import { replaceRules } from './rule-rows.js';

/** Writes the built-in roles of this release where they differ; a role of the same name that somebody made becomes the built-in one. */
export const writeBuiltInRoles = (manager: EntityManager): Promise<void> =>
  manager.transaction(async (transaction) => {
    const { roles } = await readPolicy(transaction);
    for (const { name, description, rules } of BUILT_IN_ROLES) {
      if (JSON.stringify(sorted(roles.get(name))) === JSON.stringify(sorted(rules))) continue;
      const [role] = await transaction.query<{ id: string }[]>(
        `insert into access.role (id, name, description, built_in) values ($1, $2, $3, true)
          on conflict (lower(name)) do update set name = excluded.name, description = excluded.description, built_in = true, updated_at = now()
          returning id`,
        [uuidv7(), name, description],
      );
      if (role === undefined) throw new Error('Postgres gave no row back');
      await replaceRules(transaction, { roleId: role.id }, rules);
    }
  });

/** Rules with their keys in one order, to be compared. */
const sorted = (rules: readonly object[] | undefined) =>
  rules?.map((rule) => Object.entries(rule).toSorted(([one], [other]) => (one < other ? -1 : 1)));
