import { ExpressionError } from './template.js';

/** A piece of a text: what stands there, or an expression with the offset of its first character. */
export type TemplatePart = { readonly text: string } | { readonly expression: string; readonly offset: number };

/** Cuts a text into literal pieces and the expressions of `${{ … }}`; `$${{` stands for a literal `${{`. */
export function scanTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let position = 0;
  while (position < text.length) {
    const opening = text.indexOf('${{', position);
    if (opening === -1) break;
    if (opening > position && text[opening - 1] === '$') {
      literal += `${text.slice(position, opening - 1)}\${{`;
      position = opening + 3;
      continue;
    }
    literal += text.slice(position, opening);
    const closing = endOfExpression(text, opening + 3);
    if (closing === -1) {
      throw new ExpressionError(
        '`${{` has no `}}`; quote the whole text, since ` #` begins a comment in YAML, or write `$${{` for a literal `${{`',
        text,
        opening,
      );
    }
    if (literal !== '') parts.push({ text: literal });
    literal = '';
    const inside = text.slice(opening + 3, closing);
    const expression = inside.trim();
    parts.push({ expression, offset: opening + 3 + inside.indexOf(expression) });
    position = closing + 2;
  }
  literal += text.slice(position);
  if (literal !== '' || parts.length === 0) parts.push({ text: literal });
  return parts;
}

/** Offset of the `}}` that ends the expression begun at `start`, or -1; braces of maps and quoted texts are passed over. */
function endOfExpression(text: string, start: number): number {
  let depth = 0;
  for (let position = start; position < text.length; position += 1) {
    const character = text[position];
    if (character === '"' || character === "'") {
      position = endOfQuoted(text, position);
      if (position === -1) return -1;
    } else if (character === '{') depth += 1;
    else if (character === '}') {
      if (depth === 0) return text[position + 1] === '}' ? position : -1;
      depth -= 1;
    }
  }
  return -1;
}

/** Offset of the last character of a quoted text of CEL, or -1 when it does not end. */
function endOfQuoted(text: string, start: number): number {
  const quote = text.charAt(start);
  const triple = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  for (let position = start + triple.length; position < text.length; position += 1) {
    // Also in raw texts, as cel-js reads them.
    if (text[position] === '\\') position += 1;
    else if (text.startsWith(triple, position)) return position + triple.length - 1;
  }
  return -1;
}
