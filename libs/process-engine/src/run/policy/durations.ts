import type { Json } from '@orderlines/contracts';
import type { Template } from '../../variables/template.js';
import { durationFrom, limitFrom } from '../../variables/duration.js';
import { ValueError } from '../../variables/operators.js';
import { evaluate } from '../expressions.js';
import { NodeFailed } from '../node-failed.js';
import type { Turn } from '../turn.js';

/**
 * Milliseconds of a duration: a literal number is milliseconds already (the compiler read it), an expression gives seconds or a text such as `5m`.
 * @throws NodeFailed with reason `expression` when it is neither.
 */
export function evaluateDuration(turn: Turn, scope: number, template: Template, what: string): number {
  return evaluateAs(durationFrom, turn, scope, template, what);
}

/** As {@link evaluateDuration}, for what ends something: a limit of nothing is refused like any other mistake. */
export function evaluateLimit(turn: Turn, scope: number, template: Template, what: string): number {
  return evaluateAs(limitFrom, turn, scope, template, what);
}

function evaluateAs(read: (value: Json) => number, turn: Turn, scope: number, template: Template, what: string): number {
  const value = evaluate(turn, scope, template);
  if (template.kind === 'literal' && typeof value === 'number') return value;
  try {
    return read(value);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new NodeFailed({ reason: 'expression', code: 'expression.not-a-duration', message: `${what}: ${error.message}.` });
  }
}
