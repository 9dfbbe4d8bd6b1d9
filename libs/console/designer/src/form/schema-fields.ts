import type { Json, JsonSchema } from '@orderlines/contracts';
import type { ParamDocument } from '@orderlines/process-engine';

/** How a value is asked for. */
export type FieldKind =
  'text' | 'long' | 'code' | 'number' | 'switch' | 'choice' | 'date' | 'datetime' | 'list' | 'map' | 'json' | 'secret' | 'host';

/** A value of a form. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly choices: readonly Json[];
  readonly preset?: Json;
  /** Language of code. */
  readonly language?: string;
}

interface Property {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly Json[];
  readonly format?: string;
  readonly default?: Json;
  readonly items?: Property;
  readonly additionalProperties?: Property | boolean;
  readonly 'x-i18n'?: Readonly<Record<string, { readonly title?: string; readonly description?: string }>>;
  readonly 'x-editor'?: string;
}

/** The fields of an object's JSON Schema, what is required first; the language decides what they are called. */
export function fieldsOfSchema(schema: JsonSchema, language: string): readonly Field[] {
  const required = new Set((schema['required'] ?? []) as readonly string[]);
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Property>>);
  return properties
    .map(([name, property]) => fieldOf(name, property, required.has(name), language))
    .sort((one, other) => Number(other.required) - Number(one.required));
}

function fieldOf(name: string, property: Property, required: boolean, language: string): Field {
  const words = { ...property, ...property['x-i18n']?.[language.slice(0, 2)] };
  return {
    name,
    label: words.title ?? name,
    hint: words.description ?? '',
    kind: kindOf(name, property),
    required,
    choices: property.enum ?? [],
    ...(property.default !== undefined && { preset: property.default }),
    ...(property['x-editor'] !== undefined && { language: property['x-editor'] }),
  };
}

const LONG_NAMES: ReadonlySet<string> = new Set(['text', 'message', 'content', 'body', 'sql']);

function kindOf(name: string, property: Property): FieldKind {
  if (property.enum !== undefined) return 'choice';
  if (property.format === 'password') return 'secret';
  if (property['x-editor'] === 'host') return 'host';
  if (property['x-editor'] !== undefined || name === 'code' || name === 'command') return 'code';
  if (property.format === 'date') return 'date';
  if (property.format === 'date-time') return 'datetime';
  switch (property.type) {
    case 'string':
      return LONG_NAMES.has(name) ? 'long' : 'text';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'switch';
    case 'array':
      return property.items === undefined || property.items.type === 'string' ? 'list' : 'json';
    case 'object':
      return 'map';
    default:
      return 'json';
  }
}

const PARAM_KINDS: Readonly<Record<ParamDocument['type'], FieldKind>> = {
  string: 'text',
  text: 'long',
  integer: 'number',
  number: 'number',
  boolean: 'switch',
  date: 'date',
  datetime: 'datetime',
  list: 'json',
  map: 'json',
};

/** The fields of a process's params, for starting it or giving them to a child. */
export const fieldsOfParams = (params: readonly ParamDocument[]): readonly Field[] =>
  params.map(({ name, title, description, type, required, enum: choices, default: preset }) => ({
    name,
    label: title ?? name,
    hint: description ?? '',
    kind: choices === undefined ? PARAM_KINDS[type] : 'choice',
    required: required ?? false,
    choices: choices ?? [],
    ...(preset !== undefined && { preset }),
  }));

/** Name of the secret that a value reads, where it reads nothing else. */
export const secretIn = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? /^\$\{\{\s*secrets\.([A-Za-z_]\w*)\s*\}\}$/.exec(value)?.[1] : undefined;

/** True when a value is written with expressions, which no plain field can show. */
export const isExpression = (value: Json | undefined): value is string => typeof value === 'string' && value.includes('${{');

/** What somebody typed, as the field's value; undefined leaves it out. */
export function valueOf(kind: FieldKind, text: string): Json | undefined {
  if (text === '') return undefined;
  if (text.includes('${{')) return text;
  switch (kind) {
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case 'list':
      return text.split('\n').filter((line) => line !== '');
    case 'map':
    case 'json':
      return parsed(text);
    default:
      return text;
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** A value as it stands in its field. */
export function textOf(kind: FieldKind, value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (kind === 'list' && Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '')) return value.join('\n');
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}
