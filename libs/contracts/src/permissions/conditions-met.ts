import type { ConditionTest, RuleConditions } from './permission-rule.js';
import type { SubjectObject } from './subject-object.js';

/** Whether a value passes a test; a value that is absent passes only `$ne` and `$nin`. */
export const passes = (test: ConditionTest, value: string | undefined): boolean => {
  if (typeof test === 'string') return value === test;
  if ('$eq' in test) return value === test.$eq;
  if ('$ne' in test) return value !== test.$ne;
  if ('$in' in test) return value !== undefined && test.$in.includes(value);
  return value === undefined || !test.$nin.includes(value);
};

const LABELS = 'labels.';

/** The label that an attribute of a condition names; undefined: it names none. */
export const labelOf = (attribute: string): string | undefined =>
  attribute.startsWith(LABELS) ? attribute.slice(LABELS.length) : undefined;

/** Whether a thing meets all tests. */
export const meets = (conditions: RuleConditions, object: SubjectObject): boolean =>
  Object.entries(conditions).every(([attribute, test]) => {
    const label = labelOf(attribute);
    return passes(test, label === undefined ? object[attribute as 'namespace' | 'name' | 'owner'] : object.labels?.[label]);
  });
