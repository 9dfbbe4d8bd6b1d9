import { holdsGuarded, isLargeValue, type Json } from '@orderlines/contracts';
import { MAX_SIZE } from './budget.js';
import { ValueError } from './operators.js';
import { spliced } from './spliced.js';
import { ExpressionError, type Expression, type OpenValue, type Roots, type Template } from './template.js';

/** The value of a template; throws {@link ExpressionError}. */
export function evaluateTemplate(template: Template, roots: Roots, open?: OpenValue): Json {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      return template.expression.evaluate(roots, open);
    case 'text':
      return spliceText(template.parts, roots, open);
    case 'list':
      return template.items.map((item) => evaluateTemplate(item, roots, open));
    case 'map':
      return Object.fromEntries(template.entries.map(([key, item]) => [key, evaluateTemplate(item, roots, open)]));
  }
}

function spliceText(parts: readonly (string | Expression)[], roots: Roots, open?: OpenValue): string {
  let text = '';
  for (const part of parts) {
    text += typeof part === 'string' ? part : splice(part, roots, open);
    if (text.length > MAX_SIZE) throw new ExpressionError(`the text has more than ${MAX_SIZE} characters`, text.slice(0, 80));
  }
  return text;
}

function splice(expression: Expression, roots: Roots, open?: OpenValue): string {
  const found = expression.evaluate(roots, open);
  const value = open !== undefined && isLargeValue(found) ? open(found) : found;
  if (typeof value !== 'string' && holdsGuarded(value)) {
    throw new ExpressionError(
      'a list or map that holds a secret cannot stand in a text; pass it as a value of its own',
      expression.source,
      0,
    );
  }
  try {
    return spliced(value);
  } catch (error) {
    if (error instanceof ValueError) throw new ExpressionError(error.message, expression.source, 0);
    throw error;
  }
}
