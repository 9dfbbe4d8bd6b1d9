import type { Json, JsonObject } from '@orderlines/contracts';
import { celText, embedded, escapedText } from './cel.js';
import type { Declarations } from './declarations.js';
import { pathText } from '../source.js';
import type { Path, Report } from './report.js';
import { celOf, type LegacyType, type Meaning, readText } from './text.js';

/** A value in an expression: its CEL text and, as far as the definition tells, its type. */
export interface Operand {
  readonly cel: string;
  readonly type: LegacyType;
  /** True for what is a text whatever its variables hold. */
  readonly isText: boolean;
}

/** Turns arguments with `${name}` into values with `${{ expressions }}`, at any depth. */
export class ArgumentConverter {
  constructor(
    private readonly declarations: Declarations,
    private readonly report: Report,
  ) {}

  /** Any JSON value; names that nothing declares go to the report. */
  value(value: unknown, path: Path): Json {
    if (typeof value === 'string') return this.text(value, path);
    if (Array.isArray(value)) return value.map((entry: unknown, index) => this.value(entry, [...path, index]));
    if (typeof value === 'object' && value !== null) return this.values(value, path);
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (value !== null && value !== undefined) this.report.error(path, 'not-json', `\`${String(value)}\` is no JSON value.`);
    return null;
  }

  /** An object of such values. */
  values(values: object, path: Path): JsonObject {
    return Object.fromEntries(Object.entries(values).map(([key, entry]: [string, unknown]) => [key, this.value(entry, [...path, key])]));
  }

  /** The CEL text of a text with names in it; undefined for a constant. */
  operand(text: string, path: Path): Operand | undefined {
    const meaning = this.read(text, path);
    switch (meaning.kind) {
      case 'literal':
        return undefined;
      case 'value':
        return { cel: celOf(meaning.named), type: meaning.named.type, isText: false };
      case 'arithmetic':
        return { cel: meaning.cel, type: 'float', isText: false };
      case 'unknown':
        return { cel: 'null', type: 'any', isText: false };
      case 'spliced':
        return {
          cel: meaning.parts.map((part) => (typeof part === 'string' ? celText(part) : `string(${celOf(part)})`)).join(' + '),
          type: 'str',
          isText: true,
        };
    }
  }

  private text(text: string, path: Path): string {
    const meaning = this.read(text, path);
    switch (meaning.kind) {
      case 'literal':
      case 'unknown':
        return escapedText(text);
      case 'value':
        return embedded(celOf(meaning.named));
      case 'arithmetic':
        this.report.note(`\`${text}\` is calculated: \`${embedded(meaning.cel)}\` (${pathText(path)}).`);
        return embedded(meaning.cel);
      case 'spliced':
        return this.spliced(text, meaning, path);
    }
  }

  private spliced(text: string, meaning: Extract<Meaning, { kind: 'spliced' }>, path: Path): string {
    const spliced = meaning.parts
      .map((part, index) => (typeof part === 'string' ? beside(part, index < meaning.parts.length - 1) : embedded(celOf(part))))
      .join('');
    if (meaning.concatenation) this.report.note(`\`${text}\` is put together: \`${spliced}\` (${pathText(path)}).`);
    return spliced;
  }

  private read(text: string, path: Path): Meaning {
    const meaning = readText(text, (name) => this.declarations.find(name));
    if (meaning.kind === 'unknown') {
      for (const name of meaning.names) {
        this.report.error(
          path,
          'unknown-variable',
          `No variable \`${name}\` is declared; \`variable\` lists the names that \`\${name}\` can use.`,
        );
      }
    }
    return meaning;
  }
}

/** Literal text beside an expression; a `$` right before one would turn it into text. */
function beside(text: string, before: boolean): string {
  const escaped = escapedText(text);
  return before && escaped.endsWith('$') ? `${escaped.slice(0, -1)}${embedded(celText('$'))}` : escaped;
}
