import type { Json, JsonObject } from '@orderlines/contracts';
import { scanTemplate } from '../../variables/scan-template.js';

/** Something that the older format has no words for; the message says what. */
export class Inexpressible extends Error {}

const READ = /\b(?:vars|params)(?:\.([A-Za-z_]\w*)|\['((?:[^'\\]|\\.)+)'\])/g;

/** `${name}` for a variable or a param, also inside a formula; undefined when the expression does something else. */
export function legacyFormula(cel: string): string | undefined {
  const formula = cel.trim().replaceAll(READ, (_, plain: string | undefined, quoted: string | undefined) => `\${${plain ?? quoted ?? ''}}`);
  const rest = formula.replaceAll(/\$\{[^{}]*\}/g, '');
  return /^[\d.\s+\-*/()]*$/.test(rest) ? formula.replaceAll(/\s*([+\-*/])\s*/g, '$1') : undefined;
}

/** A text as the older format writes it. @throws Inexpressible for expressions that it does not have. */
export function legacyText(text: string): string {
  return scanTemplate(text)
    .map((part) => {
      if ('text' in part) return part.text;
      if (part.expression.trim() === "'$'") return '$';
      const formula = legacyFormula(part.expression);
      if (formula === undefined) throw new Inexpressible(`the expression \`\${{ ${part.expression.trim()} }}\``);
      return formula;
    })
    .join('');
}

/** A value as the older format writes it, at any depth. @throws Inexpressible for expressions that it does not have. */
export function legacyValue(value: Json): Json {
  if (typeof value === 'string') return legacyText(value);
  if (Array.isArray(value)) return value.map(legacyValue);
  return typeof value === 'object' && value !== null ? legacyValues(value) : value;
}

/** An object of such values. */
export const legacyValues = (values: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, legacyValue(value)]));

/** The one expression in a text. @throws Inexpressible when there is more or less. */
export function onlyExpression(text: string): string {
  const [part, ...more] = scanTemplate(text);
  if (part === undefined || 'text' in part || more.length > 0) throw new Inexpressible(`\`${text}\``);
  return part.expression.trim();
}
