import type { Json } from '@orderlines/contracts';

/** What an expression works with: JSON, and optionals while it runs. */
export type Value = Json | Optional | Value[] | { [key: string]: Value };

/** The result of `a.?b`: a value, or none. */
export class Optional {
  constructor(readonly value: Value | undefined) {}
}

/** True for a map (a JSON object). */
export const isMap = (value: Value | undefined): value is { [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Optional);

/** What a value is, as a person would say it. */
export function nameOf(value: Value): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Optional) return 'an optional';
  switch (typeof value) {
    case 'string':
      return 'a text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'a boolean';
    default:
      return 'a map';
  }
}

/** What a record itself holds under a key: node ids and words of a definition may be `constructor` or `toString`. */
export const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
