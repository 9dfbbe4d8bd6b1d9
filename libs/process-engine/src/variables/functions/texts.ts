import { finite, ValueError } from '../operators.js';
import { spliced } from '../spliced.js';
import { nameOf, type Value } from '../value.js';
import { integerOf, made, numberOf, textOf, type FunctionTable } from './arguments.js';

/** Functions over texts, and conversions between the simple types. */
export const TEXT_FUNCTIONS: FunctionTable = {
  contains: { arity: [2, 2], call: ([text, part], budget) => textOf(text, budget).includes(textOf(part, budget)) },
  startsWith: { arity: [2, 2], call: ([text, part], budget) => textOf(text, budget).startsWith(textOf(part, budget)) },
  endsWith: { arity: [2, 2], call: ([text, part], budget) => textOf(text, budget).endsWith(textOf(part, budget)) },
  indexOf: { arity: [2, 2], call: ([text, part], budget) => textOf(text, budget).indexOf(textOf(part, budget)) },
  lastIndexOf: { arity: [2, 2], call: ([text, part], budget) => textOf(text, budget).lastIndexOf(textOf(part, budget)) },
  substring: {
    arity: [2, 3],
    call: ([text, from, to], budget) => {
      const whole = textOf(text, budget);
      const start = integerOf(from);
      const end = to === undefined ? whole.length : integerOf(to);
      if (start < 0 || end < start || end > whole.length) {
        throw new ValueError(`substring(${start}, ${end}) is outside of a text of ${whole.length} characters`);
      }
      return made(whole.slice(start, end), budget);
    },
  },
  split: {
    arity: [2, 2],
    call: ([text, separator], budget) => {
      const parts = textOf(text, budget).split(textOf(separator, budget));
      budget.spend(parts.length);
      budget.grow(parts.length);
      return parts;
    },
  },
  trim: { arity: [1, 1], call: ([text], budget) => made(textOf(text, budget).trim(), budget) },
  lower: { arity: [1, 1], call: ([text], budget) => made(textOf(text, budget).toLowerCase(), budget) },
  upper: { arity: [1, 1], call: ([text], budget) => made(textOf(text, budget).toUpperCase(), budget) },
  quote: { arity: [1, 1], call: ([value], budget) => made(`'${spliced(value ?? null, budget).replaceAll("'", `'\\''`)}'`, budget) },
  string: { arity: [1, 1], call: ([value], budget) => made(spliced(value ?? null, budget), budget) },
  number: {
    arity: [1, 1],
    call: ([value], budget) => (typeof value === 'string' ? parseNumber(textOf(value, budget)) : numberFrom(value)),
  },
  bool: { arity: [1, 1], call: ([value]) => booleanFrom(value ?? null) },
  round: { arity: [1, 2], call: ([value, digits]) => round(numberOf(value), digits === undefined ? 0 : integerOf(digits)) },
  floor: { arity: [1, 1], call: ([value]) => finite(Math.floor(numberOf(value))) },
  ceil: { arity: [1, 1], call: ([value]) => finite(Math.ceil(numberOf(value))) },
  abs: { arity: [1, 1], call: ([value]) => Math.abs(numberOf(value)) },
  int: {
    arity: [1, 1],
    call: ([value], budget) => Math.trunc(typeof value === 'string' ? parseNumber(textOf(value, budget)) : numberFrom(value)),
  },
  double: {
    arity: [1, 1],
    call: ([value], budget) => (typeof value === 'string' ? parseNumber(textOf(value, budget)) : numberFrom(value)),
  },
  type: { arity: [1, 1], call: ([value]) => typeName(value ?? null) },
};

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

function parseNumber(text: string): number {
  const trimmed = text.trim();
  if (trimmed.length > 400 || !NUMBER.test(trimmed)) throw new ValueError(`\`${trimmed.slice(0, 40)}\` is not a number`);
  return finite(Number(trimmed));
}

function numberFrom(value: Value | undefined): number {
  if (typeof value === 'boolean') return Number(value);
  return numberOf(value);
}

function booleanFrom(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 1) return true;
  if (value === 'false' || value === 0) return false;
  throw new ValueError(
    `only true, false, 1 and 0 are booleans, not ${typeof value === 'string' ? `\`${value.slice(0, 40)}\`` : nameOf(value)}`,
  );
}

function round(value: number, digits: number): number {
  if (digits < 0 || digits > 15) throw new ValueError('round keeps 0 to 15 digits');
  return finite(Number(`${Math.round(Number(`${value}e${digits}`))}e${-digits}`));
}

function typeName(value: Value): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'map' : typeof value;
}
