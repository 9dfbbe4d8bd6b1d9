import { RE2JS, RE2JSException } from 're2js';
import type { Budget } from '../budget.js';
import { ValueError } from '../operators.js';
import { made, textOf, type FunctionTable } from './arguments.js';

/** Longest pattern, in characters. */
export const MAX_PATTERN_LENGTH = 1_000;
/** Measured: RE2 needs up to 15 ns a character and instruction; a step is worth 50 of them. */
const WORK_PER_STEP = 50;
/** Measured: compiling takes RE2 up to 10 µs an instruction. */
const STEPS_TO_COMPILE = 10;
/** Finding a match again and again costs more than looking on. */
const STEPS_PER_MATCH = 2;
const KEPT_PATTERNS = 200;

const compiled = new Map<string, RE2JS>();

/** A pattern compiled by RE2, whose time is linear in the text; throws {@link ValueError} when it is none. */
export function compilePattern(pattern: string, budget?: Budget): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (pattern.length > MAX_PATTERN_LENGTH) throw new ValueError(`a pattern may have ${MAX_PATTERN_LENGTH} characters`);
  const made = compile(pattern);
  budget?.spend(made.programSize() * STEPS_TO_COMPILE);
  if (compiled.size >= KEPT_PATTERNS) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSException) throw new ValueError(`the pattern \`${pattern.slice(0, 80)}\` cannot be read: ${error.message}`);
    throw error;
  }
}

/** Functions over regular expressions (RE2 syntax: no look-around, no back references). */
export const PATTERN_FUNCTIONS: FunctionTable = {
  matches: { arity: [2, 2], call: ([text, pattern], budget) => search(text, pattern, budget).matcher.find() },
  find: {
    arity: [2, 2],
    call: ([text, pattern], budget) => {
      const { matcher } = search(text, pattern, budget);
      return matcher.find() ? made(matcher.group() ?? '', budget) : '';
    },
  },
  findAll: {
    arity: [2, 2],
    call: ([text, pattern], budget) => {
      const { matcher } = search(text, pattern, budget);
      const found: string[] = [];
      while (matcher.find()) {
        budget.spend(STEPS_PER_MATCH);
        found.push(made(matcher.group() ?? '', budget));
      }
      return found;
    },
  },
  replace: {
    arity: [3, 3],
    call: ([text, pattern, replacement], budget) => {
      const { subject, matcher } = search(text, pattern, budget);
      const by = textOf(replacement, budget);
      // At worst it stands between all characters.
      budget.grow(subject.length);
      return made(replaceEach(subject, matcher, by, budget), budget);
    },
  },
};

function search(
  text: unknown,
  pattern: unknown,
  budget: Budget,
): { readonly subject: string; readonly matcher: ReturnType<RE2JS['matcher']> } {
  const subject = textOf(text as string, budget);
  const expression = compilePattern(textOf(pattern as string, budget), budget);
  budget.spend((subject.length * expression.programSize()) / WORK_PER_STEP);
  return { subject, matcher: expression.matcher(subject) };
}

/** Replaces every match by a fixed text (`$1` has no meaning, so that a value never does what it was not meant to). */
function replaceEach(subject: string, matcher: ReturnType<RE2JS['matcher']>, by: string, budget: Budget): string {
  const parts: string[] = [];
  let from = 0;
  while (matcher.find()) {
    budget.spend(STEPS_PER_MATCH);
    budget.grow(by.length + 1);
    parts.push(subject.slice(from, matcher.start()), by);
    from = matcher.end();
  }
  parts.push(subject.slice(from));
  return parts.join('');
}
