import type { Budget } from '../budget.js';
import { ValueError } from '../operators.js';
import { isMap, nameOf, type Value } from '../value.js';

/** A function of the expression language; `f(a, b)` and `a.f(b)` are the same call. */
export interface ExpressionFunction {
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  /** Throws {@link ValueError} for arguments of the wrong kind. */
  call(args: readonly Value[], budget: Budget): Value;
}

/** Functions by name. */
export type FunctionTable = Readonly<Record<string, ExpressionFunction>>;

/** The argument as a text; counted as looked through. */
export function textOf(value: Value | undefined, budget: Budget): string {
  if (typeof value !== 'string') throw new ValueError(`a text is needed, not ${nameOf(value ?? null)}`);
  budget.scan(value);
  return value;
}

/** The argument as a number. */
export function numberOf(value: Value | undefined): number {
  if (typeof value !== 'number') throw new ValueError(`a number is needed, not ${nameOf(value ?? null)}`);
  return value;
}

/** The argument as a whole number. */
export function integerOf(value: Value | undefined): number {
  const number = numberOf(value);
  if (!Number.isInteger(number)) throw new ValueError(`a whole number is needed, not ${number}`);
  return number;
}

/** The argument as a list; counted element by element. */
export function listOf(value: Value | undefined, budget: Budget): readonly Value[] {
  if (!Array.isArray(value)) throw new ValueError(`a list is needed, not ${nameOf(value ?? null)}`);
  budget.spend(value.length);
  return value;
}

/** The argument as a map; counted key by key. */
export function mapOf(value: Value | undefined, budget: Budget): { [key: string]: Value } {
  if (!isMap(value)) throw new ValueError(`a map is needed, not ${nameOf(value ?? null)}`);
  budget.spend(Object.keys(value).length);
  return value;
}

/** The value itself, counted as newly made. */
export function made(text: string, budget: Budget): string {
  budget.grow(text.length);
  return text;
}
