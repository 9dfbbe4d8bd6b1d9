import type { Json } from '@orderlines/contracts';
import { parseExpression } from './expression.js';
import { scanTemplate } from './scan-template.js';
import { ExpressionError, type Expression, type Template } from './template.js';

/** Path into a value: keys of maps and indexes of lists. */
export type ValuePath = readonly (string | number)[];

/** A mistake in a template: where in the value, and at which character of the text that stands there. */
export interface TemplateMistake {
  readonly path: ValuePath;
  readonly error: ExpressionError;
  /** 0-based offset in the text at `path`. */
  readonly offset: number;
}

/** An expression found in a value. */
export interface FoundExpression {
  readonly path: ValuePath;
  readonly expression: Expression;
  /** 0-based offset of the expression in the text at `path`. */
  readonly offset: number;
  /** True when other text stands around it. */
  readonly spliced: boolean;
}

/** What was found while a value was read as a template. */
export interface TemplateReading {
  readonly template: Template;
  readonly expressions: readonly FoundExpression[];
  readonly mistakes: readonly TemplateMistake[];
}

/** Reads a value of a definition at any depth; throws the first {@link ExpressionError}. */
export function parseTemplate(value: Json): Template {
  const { template, mistakes } = readTemplate(value);
  const [first] = mistakes;
  if (first !== undefined) throw first.error;
  return template;
}

/** Reads a value of a definition at any depth, collecting all mistakes; a mistaken text stands as a literal. */
export function readTemplate(value: Json): TemplateReading {
  const expressions: FoundExpression[] = [];
  const mistakes: TemplateMistake[] = [];
  const template = read(value, [], expressions, mistakes);
  return { template, expressions, mistakes };
}

function read(value: Json, path: ValuePath, expressions: FoundExpression[], mistakes: TemplateMistake[]): Template {
  if (typeof value === 'string') return readText(value, path, expressions, mistakes);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => read(item, [...path, index], expressions, mistakes));
    return items.every((item) => item.kind === 'literal') ? { kind: 'literal', value: items.map(literalValue) } : { kind: 'list', items };
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, item]): [string, Template] => [
      key,
      read(item, [...path, key], expressions, mistakes),
    ]);
    return entries.every(([, item]) => item.kind === 'literal')
      ? { kind: 'literal', value: Object.fromEntries(entries.map(([key, item]) => [key, literalValue(item)])) }
      : { kind: 'map', entries };
  }
  return { kind: 'literal', value };
}

const literalValue = (template: Template): Json => (template.kind === 'literal' ? template.value : null);

function readText(text: string, path: ValuePath, expressions: FoundExpression[], mistakes: TemplateMistake[]): Template {
  if (!text.includes('${{')) return { kind: 'literal', value: text };
  try {
    const scanned = scanTemplate(text);
    const spliced = scanned.length > 1;
    const parts = scanned.map((part) => {
      if ('text' in part) return part.text;
      const expression = parseAt(part.expression, part.offset, path, mistakes);
      if (expression !== undefined) expressions.push({ path, expression, offset: part.offset, spliced });
      return expression ?? '';
    });
    const [only] = parts;
    if (parts.length > 1) return { kind: 'text', parts };
    return typeof only === 'object' ? { kind: 'expression', expression: only } : { kind: 'literal', value: only ?? '' };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    mistakes.push({ path, error, offset: error.offset ?? 0 });
    return { kind: 'literal', value: text };
  }
}

function parseAt(source: string, offset: number, path: ValuePath, mistakes: TemplateMistake[]): Expression | undefined {
  try {
    return parseExpression(source);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    mistakes.push({ path, error, offset: offset + (error.offset ?? 0) });
    return undefined;
  }
}
