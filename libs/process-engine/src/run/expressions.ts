import { guardedPiece, masked, storableText, type Failure, type Json, type JsonObject } from '@orderlines/contracts';
import { evaluateTemplate } from '../variables/evaluate-template.js';
import { expressionsOf } from '../variables/expressions-of.js';
import { ExpressionError, type Expression, type Roots, type Template } from '../variables/template.js';
import { isObject, own, ROOT } from './document.js';
import { openValue } from './large-values.js';
import { NodeFailed } from './node-failed.js';
import { itemRoots } from './items.js';
import { outcomesFor } from './outcomes.js';
import { errorRoot } from './row-reader.js';
import type { Turn } from './turn.js';

/** What else an expression sees at its place: `result`, `event` … */
export type MoreRoots = Readonly<Record<string, Json | undefined>>;

/**
 * The value of a template as seen from a scope.
 * @throws NodeFailed with reason `expression` when an expression fails, RowsNeeded when results must be loaded first.
 */
export function evaluate(turn: Turn, scope: number, template: Template, more: MoreRoots = {}): Json {
  if (template.kind === 'literal') return template.value;
  const roots = rootsFor(turn, scope, template, more);
  try {
    return evaluateTemplate(template, roots, (value) => openValue(turn, value));
  } catch (error) {
    if (error instanceof ExpressionError) throw new NodeFailed(expressionFailure(error, template, roots));
    throw error;
  }
}

/** A template that is shown as a text: what is none is shown as JSON. */
export function evaluateText(turn: Turn, scope: number, template: Template): string {
  const value = evaluate(turn, scope, template);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A template that must give true or false. */
export function evaluateCondition(turn: Turn, scope: number, template: Template, what: string, more: MoreRoots = {}): boolean {
  const value = evaluate(turn, scope, template, more);
  if (typeof value === 'boolean') return value;
  throw new NodeFailed({
    reason: 'expression',
    code: 'expression.not-a-condition',
    message: `${what} must give true or false, it gave ${JSON.stringify(masked(value))}.`,
    detail: { sources: readsOf(template).expressions.map((expression) => expression.source) },
  });
}

function rootsFor(turn: Turn, scope: number, template: Template, more: MoreRoots): Roots {
  const { expressions, tasks, others } = readsOf(template);
  return {
    params: turn.constants.params,
    vars: turn.run.variables,
    config: turn.config,
    tasks: tasks.size > 0 ? outcomesFor(turn, scope, tasks, 'event' in more) : {},
    run: runRoot(turn),
    ...secretsRoot(turn, expressions),
    ...(others.size > 0 && itemRoots(turn, scope, others)),
    ...more,
  };
}

/** `secrets` in expressions: pieces that stand for the values, which no executor needs to decide anything. */
function secretsRoot(turn: Turn, expressions: readonly Expression[]): { readonly secrets?: JsonObject } {
  const names = expressions.flatMap(({ references }) => [...references.secrets]);
  if (names.length === 0) return {};
  const { namespace } = turn.constants.header;
  return { secrets: Object.fromEntries(names.map((name) => [name, guardedPiece({ kind: 'secret', namespace, name })])) };
}

/** `run` in expressions: what the run is, and its outcome so far. */
function runRoot(turn: Turn): JsonObject {
  const { id, number, process, version, namespace, startedBy, origin, logicalTime, url } = turn.constants.header;
  const ending = turn.findScope(ROOT)?.ending;
  const error = turn.run.error ?? (ending && ending.status !== 'SUCCESS' ? ending.failure : null);
  return {
    id,
    number,
    process,
    version,
    namespace,
    startedBy,
    origin,
    logicalTime: new Date(logicalTime).toISOString(),
    url,
    status: ending?.status ?? turn.run.status,
    error: error && errorRoot(error),
  };
}

/** What the expressions of a template read. */
interface Reads {
  readonly expressions: readonly Expression[];
  /** Nodes read as `tasks.<id>`. */
  readonly tasks: ReadonlySet<string>;
  /** Roots that not every expression has: `index`, items by their names … */
  readonly others: ReadonlySet<string>;
}

const EVERYWHERE: ReadonlySet<string> = new Set(['params', 'vars', 'tasks', 'run', 'secrets', 'config']);
const known = new WeakMap<Template, Reads>();

/** Remembered, since templates live as long as their process version. */
function readsOf(template: Template): Reads {
  let reads = known.get(template);
  if (!reads) {
    const expressions = expressionsOf(template);
    const others = expressions.flatMap(({ uses }) => uses.map(({ root }) => root).filter((root) => !EVERYWHERE.has(root)));
    reads = { expressions, tasks: new Set(expressions.flatMap(({ references }) => [...references.tasks])), others: new Set(others) };
    known.set(template, reads);
  }
  return reads;
}

/** Longest text of one value shown in an expression's failure. */
const SHOWN_VALUE = 200;

function expressionFailure(error: ExpressionError, template: Template, roots: Roots): Failure {
  const source = error.expression.trim();
  const offset = error.offset === undefined ? undefined : Math.max(0, error.offset - error.expression.indexOf(source));
  const expression = readsOf(template).expressions.find((candidate) => candidate.source === error.expression);
  return {
    reason: 'expression',
    code: 'expression.failed',
    message: `\${{ ${source} }} failed${offset === undefined ? '' : ` at character ${offset + 1}`}: ${error.message}`,
    detail: { expression: source, ...(offset !== undefined && { offset }), values: expression ? valuesAtHand(expression, roots) : {} },
  };
}

/** What the expression reads, by the name it reads it under; secrets are told to nobody. */
function valuesAtHand({ uses }: Expression, roots: Roots): JsonObject {
  const values: JsonObject = {};
  for (const { root, name } of uses) {
    if (root === 'secrets') continue;
    const value = roots[root];
    if (name === undefined || !isObject(value)) values[root] = shortened(value);
    else values[`${root}.${name}`] = shortened(own(value, name));
  }
  return values;
}

function shortened(value: Json | undefined): Json {
  const shown = masked(value ?? null);
  const text = JSON.stringify(shown);
  return text.length <= SHOWN_VALUE ? shown : storableText(`${text.slice(0, SHOWN_VALUE)}…`);
}
