import type { Budget } from './budget.js';
import { canonical } from './canonical.js';
import { ValueError } from './operators.js';
import { Optional, type Value } from './value.js';

/** A value as it stands inside a text: texts as they are, null refused, everything else as JSON. */
export function spliced(value: Value, budget?: Budget): string {
  const inner = value instanceof Optional ? (value.value ?? null) : value;
  if (inner === null)
    throw new ValueError('null cannot be put into a text; give another value with `.?…orValue(…)` or `x == null ? … : x`');
  return typeof inner === 'string' ? inner : canonical(inner, budget);
}
