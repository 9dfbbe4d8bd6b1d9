import type { Json } from '@orderlines/contracts';
import { MAX_SIZE } from './budget.js';
import { durationFrom } from './duration.js';
import { instantOf } from './functions/dates.js';
import { ValueError } from './operators.js';
import { spliced } from './spliced.js';
import { ExpressionError, type Expression, type Roots, type Template } from './template.js';
import { nameOf } from './value.js';

/** The value of a template; throws {@link ExpressionError}. */
export function evaluateTemplate(template: Template, roots: Roots): Json {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      return template.expression.evaluate(roots);
    case 'text':
      return spliceText(template.parts, roots);
    case 'list':
      return template.items.map((item) => evaluateTemplate(item, roots));
    case 'map':
      return Object.fromEntries(template.entries.map(([key, item]) => [key, evaluateTemplate(item, roots)]));
  }
}

/** The value of a template as text, as for messages; throws {@link ExpressionError}, also for null. */
export function evaluateText(template: Template, roots: Roots): string {
  const value = evaluateTemplate(template, roots);
  return typeof value === 'string' ? value : checked(template, () => spliced(value));
}

/** The value of a template that must be true or false; throws {@link ExpressionError}. */
export function evaluateCondition(template: Template, roots: Roots): boolean {
  const value = evaluateTemplate(template, roots);
  if (typeof value === 'boolean') return value;
  throw new ExpressionError(`a condition must be true or false, not ${nameOf(value)}`, sourceOf(template));
}

/**
 * The milliseconds of a duration: a compiled literal holds them, an expression gives a text such as `5m` or seconds;
 * throws {@link ExpressionError}.
 */
export function evaluateDuration(template: Template, roots: Roots): number {
  if (template.kind === 'literal' && typeof template.value === 'number') return template.value;
  const value = evaluateTemplate(template, roots);
  return checked(template, () => durationFrom(value));
}

/** The value of a template that must be a moment (ISO 8601, or epoch milliseconds), in epoch milliseconds; throws {@link ExpressionError}. */
export function evaluateInstant(template: Template, roots: Roots): number {
  const value = evaluateTemplate(template, roots);
  return checked(template, () => instantOf(value));
}

function spliceText(parts: readonly (string | Expression)[], roots: Roots): string {
  let text = '';
  for (const part of parts) {
    text += typeof part === 'string' ? part : splice(part, roots);
    if (text.length > MAX_SIZE) throw new ExpressionError(`the text has more than ${MAX_SIZE} characters`, text.slice(0, 80));
  }
  return text;
}

function splice(expression: Expression, roots: Roots): string {
  const value = expression.evaluate(roots);
  try {
    return spliced(value);
  } catch (error) {
    if (error instanceof ValueError) throw new ExpressionError(error.message, expression.source, 0);
    throw error;
  }
}

function checked<Result>(template: Template, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof ValueError) throw new ExpressionError(error.message, sourceOf(template), 0);
    throw error;
  }
}

/** A template as it was written, for messages. */
function sourceOf(template: Template): string {
  switch (template.kind) {
    case 'literal':
      return typeof template.value === 'string' ? template.value : JSON.stringify(template.value);
    case 'expression':
      return template.expression.source;
    case 'text':
      return template.parts.map((part) => (typeof part === 'string' ? part : `\${{${part.source}}}`)).join('');
    default:
      return '';
  }
}
