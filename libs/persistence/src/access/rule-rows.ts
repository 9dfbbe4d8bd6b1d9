import type { PermissionRule } from '@orderlines/contracts';
import type { EntityManager } from 'typeorm';

/** Whose rules. */
export type RuleHolder = { readonly roleId: string } | { readonly groupId: string };

/** Gives a role or a group these rules instead of those that it had. */
export const replaceRules = async (manager: EntityManager, holder: RuleHolder, rules: readonly PermissionRule[]): Promise<void> => {
  const [column, id] = 'roleId' in holder ? ['role_id', holder.roleId] : ['group_id', holder.groupId];
  await manager.query(`delete from access.permission_rule where ${column} = $1`, [id]);
  await manager.query(
    `insert into access.permission_rule (${column}, position, action, subject, conditions, fields, inverted, reason)
      select $1, position, rule->>'action', rule->>'subject', rule->'conditions',
        (select array_agg(field) from jsonb_array_elements_text(rule->'fields') field), coalesce((rule->>'inverted')::boolean, false), rule->>'reason'
      from jsonb_array_elements($2::jsonb) with ordinality as given(rule, position)`,
    [id, JSON.stringify(rules)],
  );
};
