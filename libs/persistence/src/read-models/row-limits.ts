import { labelOf, type ConditionTest, type RowLimits, type RuleConditions, type SubjectAttribute } from '@orderlines/contracts';
import { RUN_ATTRIBUTES } from './attributes.js';
import type { Conditions } from './conditions.js';

/** A list of which only what somebody may see is shown; without limits all of it. */
export interface Limited {
  readonly limits?: RowLimits;
}

/** What the attributes of rules are called in a query: texts that are never null, and `labels`, a jsonb object that may be. */
export type AttributeColumns = Readonly<Partial<Record<SubjectAttribute, string>>>;

/** Keeps a query to the rows that somebody may do something to: it means what `Rights.may` says of each of them. */
export const andWithin = (where: Conditions, limits: RowLimits | undefined, columns: AttributeColumns): void => {
  if (limits?.length) where.and(limitText(where, limits, columns));
};

/** Keeps a query to rows of runs, named by that column, that somebody may do something to. */
export const andOfRunsWithin = (where: Conditions, limits: RowLimits | undefined, runId: string): void => {
  if (!limits?.length) return;
  where.and(`exists (select from runtime.process_instance i where i.id = ${runId} and ${limitText(where, limits, RUN_ATTRIBUTES)})`);
};

const limitText = (where: Conditions, limits: RowLimits, columns: AttributeColumns): string => {
  const texts = limits.map(({ allow, deny }) => {
    const allowed = allow.map((conditions) => textOf(where, conditions, columns));
    const denied = deny.map((conditions) => `not ${textOf(where, conditions, columns)}`);
    const any = allowed.length === 0 ? 'false' : `(${allowed.join(' or ')})`;
    return [any, ...denied].join(' and ');
  });
  return `(${texts.join(' and ')})`;
};

const textOf = (where: Conditions, conditions: RuleConditions, columns: AttributeColumns): string => {
  const tests = Object.entries(conditions).map(([attribute, test]) => testText(where, expressionOf(where, attribute, columns), test));
  return tests.length === 0 ? '(true)' : `(${tests.join(' and ')})`;
};

/** The text that a test is about; null: rows have no such attribute. A label that is missing is the empty text, which no test names. */
const expressionOf = (where: Conditions, attribute: string, columns: AttributeColumns): string | null => {
  const label = labelOf(attribute);
  if (label === undefined) return columns[attribute as SubjectAttribute] ?? null;
  return columns.labels === undefined ? null : `coalesce(${columns.labels}->>${where.value(label)}::text, '')`;
};

const testText = (where: Conditions, expression: string | null, test: ConditionTest): string => {
  const isRefusing = typeof test !== 'string' && ('$ne' in test || '$nin' in test);
  if (expression === null) return String(isRefusing);
  if (typeof test === 'string') return `${expression} = ${where.value(test)}`;
  if ('$eq' in test) return `${expression} = ${where.value(test.$eq)}`;
  if ('$ne' in test) return `${expression} <> ${where.value(test.$ne)}`;
  if ('$in' in test) return `${expression} = any (${where.value(test.$in)}::text[])`;
  return `${expression} <> all (${where.value(test.$nin)}::text[])`;
};
