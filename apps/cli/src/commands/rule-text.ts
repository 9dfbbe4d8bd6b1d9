import { PermissionRule } from '@orderlines/contracts';
import { z } from 'zod';
import { refused } from '../command-error.js';

/** How a rule is written on a command line. */
export const RULE_USAGE = '"<action> <Subject> [attribute=value,…]", e.g. "read Process namespace=shop" or "write User fields=email+phone"';

/** A rule from its text: an action, a subject and, after them, what its things must be. */
export const ruleFromText = (text: string, inverted: boolean): PermissionRule => {
  const [action = '', subject = '', ...tests] = text.trim().split(/\s+/);
  const pairs = tests.join(',').split(',').filter(Boolean);
  const said = Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw refused(`The rule "${text}" has a condition "${pair}" without "=": write ${RULE_USAGE}.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
  const { fields, ...conditions } = said;
  const rule = PermissionRule.safeParse({
    ...{ action, subject },
    ...(Object.keys(conditions).length > 0 && { conditions }),
    ...(fields !== undefined && { fields: fields.split('+') }),
    ...(inverted && { inverted }),
  });
  if (!rule.success) throw refused(`The rule "${text}" cannot be: ${z.prettifyError(rule.error)}`, `write ${RULE_USAGE}`);
  return rule.data;
};

/** A rule as people read it. */
export const ruleText = ({ action, subject, conditions = {}, fields, inverted }: PermissionRule): string => {
  const limited = fields ? [`fields=${fields.join('+')}`] : [];
  const tests = Object.entries(conditions).map(
    ([attribute, test]) => `${attribute}=${typeof test === 'string' ? test : JSON.stringify(test)}`,
  );
  return `${inverted ? 'not ' : ''}${action} ${subject}${[...tests, ...limited].length > 0 ? ` (${[...tests, ...limited].join(', ')})` : ''}`;
};
