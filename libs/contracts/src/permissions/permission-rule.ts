import { z } from 'zod';
import { actionsOf, attributesOf, fieldsOf, SUBJECT_NAMES, type Subject } from './catalogue.js';

/** In a condition: the name of whoever asks. */
export const MYSELF = '$me';

const MAX_VALUES = 100;
const Value = z.string().min(1).max(200);
const Test = z.union([
  Value,
  z.strictObject({ $eq: Value }),
  z.strictObject({ $ne: Value }),
  z.strictObject({ $in: z.array(Value).min(1).max(MAX_VALUES) }),
  z.strictObject({ $nin: z.array(Value).min(1).max(MAX_VALUES) }),
]);
/** What an attribute must be: a text, or one of `$eq`, `$ne`, `$in`, `$nin`. */
export type ConditionTest = z.infer<typeof Test>;

/** Attributes with what each must be; all must hold. `labels.<name>` is a label; the value `$me` is the name of whoever asks. */
export const RuleConditions = z.record(z.string().max(200), Test).refine((tests) => Object.keys(tests).length <= 20, 'at most 20');
/** Attributes with what each must be; all must hold. */
export type RuleConditions = z.infer<typeof RuleConditions>;

/** Allows, or with `inverted` forbids, an action on a kind of thing, or only on those that meet its conditions. */
export const PermissionRule = z
  .strictObject({
    /** An action of the subject; `manage`: all. */
    action: z.string().min(1).max(50),
    /** A subject of the catalogue; `all`: every one. */
    subject: z.enum(['all', ...SUBJECT_NAMES]),
    conditions: RuleConditions.optional(),
    /** Only these fields of it are read or changed by the rule; which there are, the catalogue says. */
    fields: z.array(z.string().min(1).max(100)).min(1).max(MAX_VALUES).optional(),
    /** Forbids: whatever other rules allow. */
    inverted: z.boolean().optional(),
    /** Told to whoever is refused by it. */
    reason: z.string().max(500).optional(),
  })
  .superRefine(({ action, subject, conditions, fields = [] }, context) => {
    const known = subject === 'all' ? SUBJECT_NAMES.flatMap(actionsOf) : actionsOf(subject);
    if (action !== 'manage' && !known.includes(action as (typeof known)[number])) {
      context.addIssue({
        code: 'custom',
        path: ['action'],
        message: `not an action of ${subject}: ${[...new Set(known)].join(', ')}, manage`,
      });
    }
    const limited = subject === 'all' ? [] : fieldsOf(subject, action);
    for (const field of fields.filter((named) => !limited.includes(named))) {
      const named = limited.length === 0 ? 'they are about all of it' : limited.join(', ');
      context.addIssue({
        code: 'custom',
        path: ['fields'],
        message: `rules on ${action} ${subject} cannot name the field "${field}": ${named}`,
      });
    }
    for (const attribute of Object.keys(conditions ?? {})) {
      if (!isAttribute(subject, attribute)) {
        const message = `rules on ${subject} cannot look at "${attribute}": ${readable(subject)}`;
        context.addIssue({ code: 'custom', path: ['conditions', attribute], message });
      }
    }
  })
  .meta({ id: 'PermissionRule' });
/** Allows, or with `inverted` forbids, an action on a kind of thing, or only on those that meet its conditions. */
export type PermissionRule = z.infer<typeof PermissionRule>;

const LABEL = /^labels\.[^.$]+$/;

const isAttribute = (subject: Subject | 'all', attribute: string): boolean => {
  const name = LABEL.test(attribute) ? 'labels' : attribute;
  if (name === 'labels' && attribute === 'labels') return false;
  return subject === 'all' ? name === 'namespace' : (attributesOf(subject) as readonly string[]).includes(name);
};

const readable = (subject: Subject | 'all'): string => {
  const names = subject === 'all' ? ['namespace'] : attributesOf(subject).map((name) => (name === 'labels' ? 'labels.<name>' : name));
  return names.length === 0 ? 'they have no conditions' : names.join(', ');
};
