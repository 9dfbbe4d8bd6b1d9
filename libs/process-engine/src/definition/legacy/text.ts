import { celMember } from './cel.js';

/** Types that a variable of the older format is declared with. */
export type LegacyType = 'str' | 'int' | 'float' | 'bool' | 'list' | 'dict' | 'any';

/** A variable or a process parameter that `${name}` can name. */
export interface Named {
  /** Name in the new document. */
  readonly name: string;
  readonly root: 'vars' | 'params';
  readonly type: LegacyType;
}

/** How a named value is read in an expression. */
export const celOf = (named: Named): string => celMember(named.root, named.name);

/** What a text of the older format means. */
export type Meaning =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'value'; readonly named: Named }
  | { readonly kind: 'arithmetic'; readonly cel: string }
  | { readonly kind: 'spliced'; readonly parts: readonly (string | Named)[]; readonly concatenation: boolean }
  | { readonly kind: 'unknown'; readonly names: readonly string[] };

const REFERENCE = /\$\{([^{}]*)\}/g;
const isNumeric = (type: LegacyType): boolean => type === 'int' || type === 'float' || type === 'any';

/**
 * Reads a text with `${name}` in it. Operators between numbers are arithmetic, a `+` beside a name in a text puts texts
 * together, anything else is a text with values in it; the declared type decides.
 */
export function readText(text: string, find: (name: string) => Named | undefined): Meaning {
  const pieces = split(text);
  const names = pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.name]));
  if (names.length === 0) return { kind: 'literal', text };
  const unknown = names.filter((name) => find(name) === undefined);
  if (unknown.length > 0) return { kind: 'unknown', names: [...new Set(unknown)] };
  const parts = pieces.flatMap((piece): (string | Named)[] => (typeof piece === 'string' ? [piece] : [find(piece.name) ?? []].flat()));
  const written = parts.filter((part) => typeof part !== 'string' || part.trim() !== '');
  const [first] = written;
  if (written.length === 1 && first !== undefined && typeof first !== 'string') return { kind: 'value', named: first };
  const cel = arithmetic(parts);
  if (cel !== undefined) return { kind: 'arithmetic', cel };
  return concatenated(parts) ?? { kind: 'spliced', parts, concatenation: false };
}

function split(text: string): (string | { name: string })[] {
  const pieces: (string | { name: string })[] = [];
  let from = 0;
  for (const match of text.matchAll(REFERENCE)) {
    if (match.index > from) pieces.push(text.slice(from, match.index));
    pieces.push({ name: (match[1] ?? '').trim() });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([-+*/])|([()]))\s*/y;

/** The CEL text of numbers, operators and numeric names; undefined when it is not arithmetic. */
function arithmetic(parts: readonly (string | Named)[]): string | undefined {
  const tokens: string[] = [];
  for (const part of parts) {
    if (typeof part !== 'string') {
      if (!isNumeric(part.type)) return undefined;
      tokens.push(celOf(part));
      continue;
    }
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < part.length) {
      const match = TOKEN.exec(part);
      if (match === null) return undefined;
      tokens.push(match[1] === undefined ? (match[2] ?? match[3] ?? '') : String(Number(match[1])));
    }
  }
  return formula(tokens);
}

/** Puts tokens together when operands and operators take turns. */
function formula(tokens: readonly string[]): string | undefined {
  let cel = '';
  let depth = 0;
  let operandNext = true;
  for (const token of tokens) {
    const operator = '+-*/'.includes(token);
    if (token === '(' || (operandNext && token === '-')) {
      if (!operandNext) return undefined;
      depth += token === '(' ? 1 : 0;
      cel += token;
    } else if (token === ')') {
      depth -= 1;
      if (operandNext || depth < 0) return undefined;
      cel += token;
    } else if (operator === operandNext) {
      return undefined;
    } else {
      cel += operator ? ` ${token} ` : token;
      operandNext = operator;
    }
  }
  return operandNext || depth !== 0 ? undefined : cel;
}

/** Takes away the `+` between a name and its neighbour; undefined when there is none. */
function concatenated(parts: readonly (string | Named)[]): Meaning | undefined {
  let found = false;
  const joined = parts.map((part, index) => {
    if (typeof part !== 'string') return part;
    const last = index === parts.length - 1;
    let text = part;
    if (index > 0 && /^\s*\+\s*/.test(text) && (!last || /^\s*\+\s*\S/.test(text))) {
      text = text.replace(/^\s*\+\s*/, '');
      found = true;
    }
    if (!last && /\+\s*$/.test(text) && (index > 0 || /\S\s*\+\s*$/.test(text))) {
      text = text.replace(/\s*\+\s*$/, '');
      found = true;
    }
    return text;
  });
  return found ? { kind: 'spliced', parts: joined.filter((part) => part !== ''), concatenation: true } : undefined;
}
