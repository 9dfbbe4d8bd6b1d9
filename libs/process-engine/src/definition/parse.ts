import { isGuarded, MAX_DEFINITION_BYTES, type Json, type Problem } from '@orderlines/contracts';
import {
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type YAMLMap,
  parseDocument,
  visit,
  type Document,
  type DocumentOptions,
  type ParseOptions,
  type Scalar,
  type SchemaOptions,
  type YAMLError,
} from 'yaml';
import { UNUSABLE_NAME } from './document-fields.js';
import { type Source, YamlSource } from './source.js';

/** Values a definition may hold once its YAML aliases are followed. */
export const MAX_VALUES = 1_000_000;
/** Characters of all texts of a definition once its YAML aliases are followed. */
export const MAX_CHARACTERS = 4 * MAX_DEFINITION_BYTES;
/** Levels of maps and lists in each other. */
export const MAX_DEPTH = 200;

const MAX_SYNTAX_PROBLEMS = 20;

const problem = (code: string, message: string, line: number, column: number): Problem => ({
  code,
  message,
  path: '',
  line: Math.max(1, line),
  column: Math.max(1, column),
  severity: 'error',
});

const TOO_DEEP = problem('definition.too-large', 'the definition is nested too deeply, or its YAML aliases explode', 1, 1);

/** How a text is to be read. */
export interface ReadingOptions {
  readonly format: 'yaml' | 'json';
  /** Another YAML than 1.2, as the older format needs it. */
  readonly yaml?: ParseOptions & DocumentOptions & SchemaOptions;
}

/** Reads YAML or JSON into a value with positions, or says what is wrong with it. Never throws. */
export function parseSource(text: string, options: ReadingOptions): Source | readonly Problem[] {
  if (text.length > MAX_DEFINITION_BYTES || new TextEncoder().encode(text).length > MAX_DEFINITION_BYTES) {
    return [problem('definition.too-large', 'a definition has 4 MiB at most; keep code and data in files', 1, 1)];
  }
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      // Its own check compares each key with all before it.
      uniqueKeys: false,
      ...(options.yaml ?? { version: '1.2' }),
    });
    const problems = [
      ...syntaxProblems([...document.errors, ...document.warnings], lines),
      ...contentProblems(document, lines),
      ...(options.format === 'json' ? jsonProblems(text, document.errors.length > 0) : []),
    ];
    if (problems.length > 0) return problems;
    return new YamlSource(toValue(document), document, lines, text);
  } catch (error) {
    return [unreadable(error)];
  }
}

function syntaxProblems(errors: readonly YAMLError[], lines: LineCounter): Problem[] {
  if (errors.some((error) => error.message.includes('call stack'))) return [TOO_DEEP];
  return errors.slice(0, MAX_SYNTAX_PROBLEMS).map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    switch (error.code) {
      case 'MULTIPLE_DOCS':
        return problem('definition.syntax', 'a file holds one definition; a second one begins here', line, col);
      default:
        return problem('definition.syntax', firstLine(error.message), line, col);
    }
  });
}

const firstLine = (message: string): string => (message.split('\n')[0] ?? '').trim();

/** What YAML allows and JSON does not: keys that are no texts, numbers that would lose digits; and aliases of nothing. */
function contentProblems(document: Document.Parsed, lines: LineCounter): Problem[] {
  const problems: Problem[] = [];
  const anchors = new Set<string>();
  const report = (node: unknown, message: string, code = 'syntax'): void => {
    const { line, col } = lines.linePos((isNode(node) ? node.range?.[0] : undefined) ?? 0);
    if (problems.length < MAX_SYNTAX_PROBLEMS) problems.push(problem(`definition.${code}`, message, line, col));
  };
  visit(document, {
    Node(_, node) {
      if ('anchor' in node && node.anchor !== undefined) anchors.add(node.anchor);
      for (const key of isMap(node) ? repeatedKeys(node) : []) report(key, 'this key stands here twice; keep one of them', 'duplicate-key');
    },
    Alias(_, alias) {
      if (!anchors.has(alias.source)) report(alias, `there is no \`&${alias.source}\` before this`);
    },
    Scalar(_, scalar) {
      if ('anchor' in scalar && scalar.anchor !== undefined) anchors.add(scalar.anchor);
      if (typeof scalar.value === 'string' && isGuarded(scalar.value)) report(scalar, 'the characters U+FDD0 and U+FDD1 cannot be used');
      if (typeof scalar.value !== 'number') return;
      if (!Number.isFinite(scalar.value)) report(scalar, '`.inf` and `.nan` are not numbers here');
      else if (/^[+-]?\d+$/.test(scalar.source ?? '') && !Number.isSafeInteger(scalar.value)) {
        report(scalar, 'a number of this size loses digits; quote it');
      }
    },
    Pair(_, { key }) {
      if (isScalar(key) && key.value === UNUSABLE_NAME) return report(key, `\`${UNUSABLE_NAME}\` cannot be a key; choose another`);
      if (isScalar(key) && key.value !== null && typeof key.value !== 'object') return;
      report(key, 'a key must be a text; a value that begins with `{` and is no map must be quoted');
    },
  });
  return problems;
}

/** Keys of a map that stand in it once more; `<<` of YAML 1.1 may be repeated. */
function repeatedKeys(map: YAMLMap): Scalar[] {
  const seen = new Set<unknown>();
  return map.items.flatMap(({ key }) => {
    if (!isScalar(key) || typeof key.value === 'symbol') return [];
    if (!seen.has(key.value)) {
      seen.add(key.value);
      return [];
    }
    return [key];
  });
}

/** JSON is stricter than YAML: what only YAML allows is named by the JSON reader. */
function jsonProblems(text: string, known: boolean): Problem[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    if (known) return [];
    const { message } = error as Error;
    const offset = Number(/position (\d+)/.exec(message)?.[1] ?? offsetOfTrailingComma(text) ?? 0);
    const before = text.slice(0, offset).split('\n');
    return [problem('definition.syntax', `not JSON: ${firstLine(message)}`, before.length, (before.at(-1)?.length ?? 0) + 1)];
  }
}

/** Where the commonest mistake in JSON is; the reader does not always tell the place. */
function offsetOfTrailingComma(text: string): number | undefined {
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"|,(?=\s*[\]}])/g)) if (match[0] === ',') return match.index;
  return undefined;
}

/** The document as JSON; aliases are followed within the limits. */
function toValue(document: Document.Parsed): Json {
  const value: unknown = document.toJS({ maxAliasCount: 1_000 });
  const room = { values: MAX_VALUES, characters: MAX_CHARACTERS };
  measure(value, 0, room);
  return value as Json;
}

function measure(value: unknown, depth: number, room: { values: number; characters: number }): void {
  room.values -= 1;
  if (typeof value === 'string') room.characters -= value.length;
  if (room.values < 0 || room.characters < 0) throw new UnfitValue('it is too large once its YAML aliases are followed');
  if (depth > MAX_DEPTH) throw new UnfitValue(`maps and lists are more than ${MAX_DEPTH} levels deep`);
  if (Array.isArray(value)) for (const item of value) measure(item, depth + 1, room);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      room.characters -= key.length;
      measure(item, depth + 1, room);
    }
  }
}

class UnfitValue extends Error {}

function unreadable(error: unknown): Problem {
  if (error instanceof UnfitValue) return problem('definition.too-large', `the definition cannot be taken: ${error.message}`, 1, 1);
  // The YAML reader throws these for aliases that explode and for nesting beyond its stack.
  if (error instanceof RangeError || error instanceof ReferenceError) {
    return TOO_DEEP;
  }
  return problem(
    'definition.syntax',
    `the definition cannot be read: ${firstLine(error instanceof Error ? error.message : String(error))}`,
    1,
    1,
  );
}
