import type { Budget } from './budget.js';
import type { Value } from './value.js';
import { isMap, nameOf, Optional } from './value.js';

/** A mistake in the values of an expression; the evaluator adds the place. */
export class ValueError extends Error {}

/** `left + right`: numbers are added, texts and lists are put together. */
export function plus(left: Value, right: Value, budget: Budget): Value {
  if (typeof left === 'number' && typeof right === 'number') return finite(left + right);
  if (typeof left === 'string' && typeof right === 'string') {
    budget.grow(left.length + right.length);
    return left + right;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    budget.grow(left.length + right.length);
    return [...left, ...right];
  }
  const hint = typeof left === 'string' || typeof right === 'string' ? '; `string(x)` makes a text and `number(x)` a number' : '';
  throw new ValueError(`cannot add ${nameOf(left)} and ${nameOf(right)}${hint}`);
}

const CALCULATIONS = {
  '-': (left: number, right: number) => left - right,
  '*': (left: number, right: number) => left * right,
  '/': (left: number, right: number) => left / right,
  '%': (left: number, right: number) => left % right,
} as const;

/** `left operator right` for two numbers; 7 / 2 is 3.5, and dividing by zero is an error. */
export function calculate(operator: keyof typeof CALCULATIONS, left: Value, right: Value): number {
  if (typeof left !== 'number' || typeof right !== 'number') {
    throw new ValueError(`\`${operator}\` needs two numbers, not ${nameOf(left)} and ${nameOf(right)}`);
  }
  if (right === 0 && (operator === '/' || operator === '%')) throw new ValueError('division by zero');
  return finite(CALCULATIONS[operator](left, right));
}

/** Refuses what JSON cannot hold. */
export function finite(result: number): number {
  if (!Number.isFinite(result)) throw new ValueError('the number is too large');
  // JSON has no negative zero.
  return result === 0 ? 0 : result;
}

/** Negative, zero or positive as `left` comes before, with or after `right`; both must be numbers, texts or booleans. */
export function compare(left: Value, right: Value, budget: Budget): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (typeof left === 'string' && typeof right === 'string') {
    budget.scan(left.length < right.length ? left : right);
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const hint =
    (typeof left === 'string' && typeof right === 'number') || (typeof left === 'number' && typeof right === 'string')
      ? '; `number(x)` makes a number'
      : '';
  throw new ValueError(`cannot compare ${nameOf(left)} with ${nameOf(right)}${hint}`);
}

/** Deep equality; values of different types are never equal. */
export function equal(left: Value, right: Value, budget: Budget): boolean {
  budget.spend();
  if (left === right) return true;
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.length === right.length) budget.scan(left);
    return false;
  }
  if (Array.isArray(left)) {
    return Array.isArray(right) && left.length === right.length && left.every((item, index) => equal(item, right[index] ?? null, budget));
  }
  if (isMap(left) && isMap(right)) {
    const keys = Object.keys(left);
    if (keys.length !== Object.keys(right).length) return false;
    return keys.every((key) => Object.hasOwn(right, key) && equal(left[key] ?? null, right[key] ?? null, budget));
  }
  if (left instanceof Optional && right instanceof Optional) {
    return left.value === undefined || right.value === undefined ? left.value === right.value : equal(left.value, right.value, budget);
  }
  return false;
}

/** `needle in haystack`: an element of a list or a key of a map. */
export function isIn(needle: Value, haystack: Value, budget: Budget): boolean {
  if (Array.isArray(haystack)) return haystack.some((item) => equal(needle, item, budget));
  if (isMap(haystack)) return typeof needle === 'string' && Object.hasOwn(haystack, needle);
  throw new ValueError(
    `\`in\` needs a list or a map, not ${nameOf(haystack)}${typeof haystack === 'string' ? '; use `text.contains(part)`' : ''}`,
  );
}
