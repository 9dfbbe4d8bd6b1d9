import { isLargeValue, isFiniteJson, type Json } from '@orderlines/contracts';
import type { CompiledParam, ValueType } from '../definition/compiled.js';
import { instantOf } from './functions/dates.js';
import { compilePattern } from './functions/patterns.js';
import { equal, ValueError } from './operators.js';
import { Budget } from './budget.js';
import { isMap, nameOf } from './value.js';

/** A value of a declared type, or what is wrong with it in words that follow the value's name. */
export type Conversion = { readonly value: Json } | { readonly mistake: string };

/** Types whose values may stand as references. */
const MAY_BE_LARGE: ReadonlySet<string> = new Set(['any', 'string', 'text', 'list', 'map']);

/** What a value must be: a declared type with its limits. */
export type Declaration = Pick<CompiledParam, 'enum' | 'pattern' | 'min' | 'max'> & { readonly type: ValueType | 'any' };

/**
 * Converts a value to its declared type, from text too as forms and the CLI send it, and checks its limits.
 * null is no value of any type and stays null: whether one is required is for the caller to say.
 */
export function convert(given: Json, declaration: Declaration): Conversion {
  if (given === null) return { value: null };
  // What stands as a reference was checked where it was made; its type shows when somebody looks into it.
  if (isLargeValue(given) && MAY_BE_LARGE.has(declaration.type)) return { value: given };
  const converted = toType(given, declaration.type);
  if ('mistake' in converted) return converted;
  if (!isFiniteJson(converted.value)) return { mistake: 'holds a number that is too large, infinite or not a number' };
  const mistake = limitMistake(converted.value, declaration);
  return mistake === undefined ? converted : { mistake };
}

function toType(given: Json, type: Declaration['type']): Conversion {
  switch (type) {
    case 'any':
      return { value: given };
    case 'string':
    case 'text':
    case 'file':
    case 'secret':
      return typeof given === 'string' ? { value: given } : needs('a text', given);
    case 'integer':
      return toNumber(given, 'a whole number', Number.isSafeInteger);
    case 'number':
      return toNumber(given, 'a number', Number.isFinite);
    case 'boolean':
      return toBoolean(given);
    case 'date':
      return toDate(given, /^\d{4}-\d{2}-\d{2}$/, 'a date such as 2026-03-01');
    case 'datetime':
      return toDate(given, /T/, 'a date and time such as 2026-03-01T08:00:00Z');
    case 'list':
      return toStructure(given, 'a list', Array.isArray);
    case 'map':
      return toStructure(given, 'a map', isMap);
  }
}

const needs = (wanted: string, given: Json): Conversion => ({
  mistake: `must be ${wanted}, not ${shown(given)}`,
});

function shown(given: Json): string {
  if (typeof given === 'string') return `\`${given.slice(0, 60)}\``;
  return typeof given === 'number' && !Number.isFinite(given) ? `\`${given}\`` : nameOf(given);
}

function toNumber(given: Json, wanted: string, accepts: (value: number) => boolean): Conversion {
  const isNumeric = typeof given === 'string' && /^[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?$/.test(given.trim());
  const value = isNumeric ? Number(given) : given;
  return typeof value === 'number' && accepts(value) ? { value } : needs(wanted, given);
}

function toBoolean(given: Json): Conversion {
  if (typeof given === 'boolean') return { value: given };
  if (given === 'true') return { value: true };
  if (given === 'false') return { value: false };
  return needs('true or false', given);
}

function toDate(given: Json, shape: RegExp, wanted: string): Conversion {
  if (typeof given !== 'string' || !shape.test(given)) return needs(wanted, given);
  try {
    instantOf(given);
    return { value: given };
  } catch (error) {
    if (error instanceof ValueError) return needs(wanted, given);
    throw error;
  }
}

function toStructure(given: Json, wanted: string, accepts: (value: Json) => boolean): Conversion {
  if (accepts(given)) return { value: given };
  if (typeof given !== 'string') return needs(wanted, given);
  try {
    const value = JSON.parse(given) as Json;
    if (accepts(value)) return { value };
  } catch {
    return needs(`${wanted} (as JSON)`, given);
  }
  return needs(wanted, given);
}

function limitMistake(value: Json, { enum: allowed, pattern, min, max }: Declaration): string | undefined {
  try {
    if (allowed !== undefined && !allowed.some((item) => equal(item, value, new Budget('enum')))) {
      return `must be one of ${allowed.map((item) => JSON.stringify(item)).join(', ')}, not ${JSON.stringify(value).slice(0, 60)}`;
    }
    if (pattern !== undefined && typeof value === 'string' && !compilePattern(pattern).matcher(value).find()) {
      return `must match \`${pattern}\`, \`${value.slice(0, 60)}\` does not`;
    }
  } catch (error) {
    if (error instanceof Error) return `cannot be checked: ${error.message}`;
    throw error;
  }
  const measured = measureOf(value);
  if (measured === undefined) return undefined;
  const unit = typeof value === 'number' ? '' : typeof value === 'string' ? ' characters' : ' elements';
  if (min !== undefined && measured < min) return `must be at least ${min}${unit}, not ${measured}`;
  if (max !== undefined && measured > max) return `must be at most ${max}${unit}, not ${measured}`;
  return undefined;
}

function measureOf(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  return isMap(value) ? Object.keys(value).length : undefined;
}
