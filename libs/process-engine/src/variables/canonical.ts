import type { Budget } from './budget.js';
import { isMap, Optional, type Value } from './value.js';

/** JSON with the keys of maps in order, so that equal values give equal text; counted element by element. */
export function canonical(value: Value, budget?: Budget): string {
  budget?.spend();
  if (typeof value === 'string') budget?.grow(value.length);
  if (value instanceof Optional) return canonical(value.value ?? null, budget);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, budget)).join(',')}]`;
  if (!isMap(value)) return JSON.stringify(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null, budget)}`);
  return `{${entries.join(',')}}`;
}
