import type { Failure, JsonObject } from '@orderlines/contracts';
import type { CompiledRetry } from '../../definition/compiled.js';
import type { Template } from '../../variables/template.js';
import type { Execution } from '../document.js';
import { evaluateCondition } from '../expressions.js';
import type { Turn } from '../turn.js';
import { evaluateDuration, evaluateLimit } from './durations.js';

/** Reasons that are never repeated unless the retry names them: a person or a rule ended it. */
const NOT_REPEATED: ReadonlySet<string> = new Set(['stopped', 'policy']);

/**
 * How long to wait before the failed attempt is repeated, or undefined when it is not.
 * @throws NodeFailed when an expression of the retry itself fails.
 */
export function retryDelay(
  turn: Turn,
  retry: CompiledRetry | undefined,
  execution: Execution,
  failure: Failure,
  event: JsonObject,
): number | undefined {
  if (!retry || repeatsOf(execution) > retry.limit || !repeats(retry, failure)) return undefined;
  if (retry.when && !holds(turn, retry.when, execution, event)) return undefined;
  const delay = delayBefore(turn, retry, execution);
  return withinBudget(turn, retry, execution, delay) ? delay : undefined;
}

/** Number of the repeat that would follow now. */
const repeatsOf = ({ attempt, repeatedAfter = 0 }: Execution): number => attempt - repeatedAfter;

function repeats(retry: CompiledRetry, { reason }: Failure): boolean {
  return retry.reasons ? retry.reasons.includes(reason) : !NOT_REPEATED.has(reason);
}

function holds(turn: Turn, expression: NonNullable<CompiledRetry['when']>, execution: Execution, event: JsonObject): boolean {
  const template: Template = { kind: 'expression', expression };
  return evaluateCondition(turn, execution.scope, template, 'retry.when', { event });
}

function delayBefore(turn: Turn, retry: CompiledRetry, execution: Execution): number {
  const delay = evaluateDuration(turn, execution.scope, retry.delay, 'retry.delay');
  const repeats = repeatsOf(execution);
  const grown = {
    fixed: () => delay,
    linear: () => delay * repeats,
    exponential: () => delay * retry.factor ** (repeats - 1),
  }[retry.backoff]();
  const longest = retry.maxDelay ? evaluateDuration(turn, execution.scope, retry.maxDelay, 'retry.maxDelay') : Number.MAX_SAFE_INTEGER;
  const capped = Math.min(grown, longest);
  return Math.round(capped * (1 - retry.jitter) + capped * retry.jitter * turn.context.random());
}

function withinBudget(turn: Turn, retry: CompiledRetry, execution: Execution, delay: number): boolean {
  if (!retry.budget) return true;
  const budget = evaluateLimit(turn, execution.scope, retry.budget, 'retry.budget');
  return turn.now + delay <= (execution.firstStartedAt ?? turn.now) + budget;
}
