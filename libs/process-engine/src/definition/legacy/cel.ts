import type { Json } from '@orderlines/contracts';

/** Words that CEL keeps for itself; after a dot they are written in brackets. */
const RESERVED = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(' '),
);

/** A text as CEL writes it. */
export const celText = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

/** A JSON value as CEL writes it. */
export function celValue(value: unknown): string {
  if (typeof value === 'string') return celText(value);
  if (Array.isArray(value)) return `[${value.map(celValue).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, entry]) => `${celText(key)}: ${celValue(entry)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** A member of a root: `vars.total`, `tasks['n-sum']`. */
export const celMember = (root: string, name: string): string =>
  /^[A-Za-z_]\w*$/.test(name) && !RESERVED.has(name) ? `${root}.${name}` : `${root}[${celText(name)}]`;

/** A CEL expression as a value of a definition. */
export const embedded = (cel: string): string => `\${{ ${cel} }}`;

/** Text that the new format must not read as an expression. */
export const escapedText = (text: string): string => text.replaceAll('${{', () => '$${{');

/** A value in which the new format must not find an expression, at any depth. */
export function escapedValue(value: Json): Json {
  if (typeof value === 'string') return escapedText(value);
  if (Array.isArray(value)) return value.map(escapedValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, escapedValue(entry)]));
}
