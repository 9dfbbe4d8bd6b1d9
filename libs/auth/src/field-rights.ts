import { fieldsOf, type ActionOf, type Subject, type SubjectObject } from '@orderlines/contracts';
import { NotAllowed } from './auth-error.js';
import type { Need } from './needs.js';
import type { Principal } from './principal.js';

/** Refuses to change fields of a thing that no rule lets the principal change. Throws {@link NotAllowed}, which names the first of them. */
export const requireFields = (
  { rights }: Pick<Principal, 'rights'>,
  { action, subject }: Need,
  object: SubjectObject,
  fields: readonly string[],
): void => {
  const refused = fields.find((field) => !rights.may(action, subject, object, field));
  if (refused === undefined) return;
  throw new NotAllowed(`You may not change ${refused} of it: no role or group gives the right "${action} ${subject}" for this field.`);
};

/** The thing as the principal may read it: a field that rules keep from them is null. */
export const withReadableFields = <View extends object>(
  { rights }: Pick<Principal, 'rights'>,
  subject: Subject,
  object: SubjectObject,
  view: View,
): View => {
  const read = 'read' as ActionOf<Subject>;
  const hidden = fieldsOf(subject, read).filter((field) => field in view && !rights.may(read, subject, object, field));
  return hidden.length === 0 ? view : { ...view, ...Object.fromEntries(hidden.map((field) => [field, null])) };
};

/** Names of the members that are given and differ from what was there. */
export const changedFields = (before: object, given: object): string[] => {
  const known = before as Readonly<Record<string, unknown>>;
  return Object.entries(given).flatMap(([field, value]) =>
    value !== undefined && JSON.stringify(value) !== JSON.stringify(known[field] ?? null) ? [field] : [],
  );
};
