import type { Budget } from '../budget.js';
import { compare, equal, finite, ValueError } from '../operators.js';
import { isMap, nameOf, type Value } from '../value.js';
import { spliced } from '../spliced.js';
import { integerOf, listOf, made, mapOf, numberOf, textOf, type FunctionTable } from './arguments.js';

/** Functions over lists and maps. */
export const LIST_FUNCTIONS: FunctionTable = {
  size: { arity: [1, 1], call: ([value], budget) => sizeOf(value, budget) },
  sum: { arity: [1, 1], call: ([list], budget) => finite(numbers(list, budget).reduce((total, item) => total + item, 0)) },
  avg: {
    arity: [1, 1],
    call: ([list], budget) => {
      const items = numbers(list, budget);
      return finite(items.reduce((total, item) => total + item, 0) / notEmpty(items, 'avg').length);
    },
  },
  min: { arity: [1, 32], call: (args, budget) => extreme(args, budget, 'min') },
  max: { arity: [1, 32], call: (args, budget) => extreme(args, budget, 'max') },
  sort: {
    arity: [1, 1],
    call: ([list], budget) => {
      const items = [...listOf(list, budget)];
      budget.grow(items.length);
      return items.sort((left, right) => {
        budget.spend();
        return compare(left, right, budget);
      });
    },
  },
  reverse: {
    arity: [1, 1],
    call: ([list], budget) => {
      const items = listOf(list, budget);
      budget.grow(items.length);
      return [...items].reverse();
    },
  },
  distinct: { arity: [1, 1], call: ([list], budget) => distinct(listOf(list, budget), budget) },
  flatten: {
    arity: [1, 1],
    call: ([list], budget) => {
      const flat = listOf(list, budget).flatMap((item) => (Array.isArray(item) ? [...listOf(item, budget)] : [item]));
      budget.grow(flat.length);
      return flat;
    },
  },
  slice: {
    arity: [2, 3],
    call: ([list, from, to], budget) => {
      const items = listOf(list, budget).slice(integerOf(from), to === undefined ? undefined : integerOf(to));
      budget.grow(items.length);
      return items;
    },
  },
  range: {
    arity: [1, 2],
    call: ([first, second], budget) => {
      const [from, to] = second === undefined ? [0, integerOf(first)] : [integerOf(first), integerOf(second)];
      const length = Math.max(0, to - from);
      budget.spend(length);
      budget.grow(length);
      return Array.from({ length }, (_, index) => from + index);
    },
  },
  join: {
    arity: [1, 2],
    call: ([list, separator], budget) => {
      const parts = listOf(list, budget).map((item) => spliced(item, budget));
      const between = separator === undefined ? '' : textOf(separator, budget);
      budget.grow(between.length * parts.length);
      return made(parts.join(between), budget);
    },
  },
  keys: { arity: [1, 1], call: ([map], budget) => counted(Object.keys(mapOf(map, budget)), budget) },
  values: { arity: [1, 1], call: ([map], budget) => counted(Object.values(mapOf(map, budget)), budget) },
  merge: {
    arity: [2, 2],
    call: ([map, over], budget) => {
      const merged = { ...mapOf(map, budget), ...mapOf(over, budget) };
      counted(Object.keys(merged), budget);
      return merged;
    },
  },
};

/** A new list, counted as made. */
function counted<Items extends readonly Value[]>(items: Items, budget: Budget): Items {
  budget.spend(items.length);
  budget.grow(items.length);
  return items;
}

function sizeOf(value: Value | undefined, budget: Budget): number {
  if (typeof value === 'string') return lengthOf(textOf(value, budget));
  if (Array.isArray(value)) return value.length;
  if (isMap(value)) return Object.keys(mapOf(value, budget)).length;
  throw new ValueError(`size needs a text, a list or a map, not ${nameOf(value ?? null)}`);
}

/** Characters of a text, those outside of the basic plane counted once. */
const lengthOf = (text: string): number => text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);

function numbers(list: Value | undefined, budget: Budget): readonly number[] {
  return listOf(list, budget).map((item) => numberOf(item));
}

function notEmpty<Items extends readonly Value[]>(items: Items, name: string): Items {
  if (items.length === 0) throw new ValueError(`${name} of an empty list has no answer`);
  return items;
}

function extreme(args: readonly Value[], budget: Budget, name: 'min' | 'max'): Value {
  const items = notEmpty(args.length === 1 ? listOf(args[0], budget) : args, name);
  const sign = name === 'min' ? 1 : -1;
  return items.reduce((best, item) => (compare(item, best, budget) * sign < 0 ? item : best));
}

function distinct(items: readonly Value[], budget: Budget): Value {
  const kept: Value[] = [];
  const seen = new Set<Value>();
  for (const item of items) {
    const simple = typeof item !== 'object' || item === null;
    if (simple ? seen.has(item) : kept.some((other) => equal(item, other, budget))) continue;
    if (simple) seen.add(item);
    kept.push(item);
  }
  budget.grow(kept.length);
  return kept;
}
