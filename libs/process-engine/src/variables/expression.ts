import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js';
import { guardedPiece, storableText, type Json } from '@orderlines/contracts';
import { Budget, MAX_SIZE, LimitExceeded } from './budget.js';
import { checkCalls } from './check-calls.js';
import { Evaluation, SecretNeeded } from './evaluate.js';
import { referencesOf, usesOf } from './references.js';
import { ExpressionError, type Expression, type OpenValue, type References, type Roots, type Use } from './template.js';
import { isMap, Optional, type Value } from './value.js';

/** The longest expression, in characters; more of it belongs in a task. */
export const MAX_EXPRESSION_LENGTH = 8_192;

/** The most that an expression may read which computes with a secret, in characters of JSON. */
const MAX_DEFERRED = 65_536;

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  // The walk recurses once a level and a chain of operators is one level each.
  limits: { maxAstNodes: 2_000, maxDepth: 100 },
});

/** Reads a CEL expression; throws {@link ExpressionError} with the offset where it cannot be read. */
export function parseExpression(source: string): Expression {
  if (source.trim() === '') throw new ExpressionError('the expression is empty', source, 0);
  if (source.length > MAX_EXPRESSION_LENGTH) {
    throw new ExpressionError(`the expression is longer than ${MAX_EXPRESSION_LENGTH} characters; do this work in a task`, source, 0);
  }
  const ast = parse(source);
  const uses = usesOf(ast, source);
  checkCalls(ast, source);
  return new ParsedExpression(source, ast, uses, referencesOf(uses));
}

/** Name of the function whose call the whole expression is, as `quote` in `quote(x)` and `x.quote()`. */
export function outermostCall(source: string): string | undefined {
  const ast = parse(source);
  return ast.op === 'call' || ast.op === 'rcall' ? ast.args[0] : undefined;
}

function parse(source: string): ASTNode {
  try {
    return environment.parse(source).ast;
  } catch (error) {
    if (error instanceof ParseError) throw new ExpressionError(explain(error, source), source, error.range?.start);
    // A row of thousands of `!` or `-` is beyond the parser's own limits.
    if (error instanceof RangeError) throw new ExpressionError('the expression is nested too deeply', source);
    throw error;
  }
}

/** The parser's words, with the way out for the mistakes that people make. */
function explain(error: ParseError, source: string): string {
  const character = source[error.range?.start ?? -1];
  if (character !== undefined && /\p{L}/u.test(character) && character > '\u007f') {
    return "a name with letters other than a–z is written in brackets, as in `vars['数量']`";
  }
  if (character === '=') return 'write `==` to compare';
  if (/EOF/.test(error.summary)) return 'the expression ends too early';
  return error.summary.charAt(0).toLowerCase() + error.summary.slice(1);
}

class ParsedExpression implements Expression {
  constructor(
    readonly source: string,
    private readonly ast: ASTNode,
    readonly uses: readonly Use[],
    readonly references: References,
  ) {}

  evaluate(roots: Roots, open?: OpenValue): Json {
    try {
      const value = new Evaluation(this.source, roots, new Budget(this.source), open).run(this.ast);
      return this.plain(value, { left: MAX_SIZE });
    } catch (error) {
      if (error instanceof SecretNeeded) return this.deferred(roots);
      if (error instanceof RangeError) throw new LimitExceeded('a value is nested too deeply', this.source);
      throw error;
    }
  }

  /** The expression with what it reads, to be evaluated where its secrets are known. */
  private deferred(roots: Roots): string {
    const read: Record<string, Json> = {};
    for (const { root, name } of this.uses) {
      const value = Object.hasOwn(roots, root) ? roots[root] : undefined;
      if (value === undefined || (name !== undefined && !isMap(value))) continue;
      if (name === undefined) read[root] = value;
      else if (isMap(value) && Object.hasOwn(value, name)) read[root] = { ...(read[root] as object), [name]: value[name] as Json };
    }
    const piece = guardedPiece({ kind: 'expression', source: this.source, roots: read });
    if (piece.length <= MAX_DEFERRED) return piece;
    throw new LimitExceeded(`it reads more than ${MAX_DEFERRED} characters beside a secret; name what is needed`, this.source);
  }

  /** The value as JSON, without optionals; refused above {@link MAX_SIZE}. */
  private plain(value: Value, room: { left: number }): Json {
    room.left -= typeof value === 'string' ? value.length + 2 : 4;
    if (room.left < 0) {
      throw new LimitExceeded(`the expression gives more than ${MAX_SIZE} characters; keep large values in files`, this.source);
    }
    // Half of a character, or U+0000, can be made here; a row with it could not be written.
    if (typeof value === 'string') return storableText(value);
    if (value instanceof Optional) return this.plain(value.value ?? null, room);
    if (Array.isArray(value)) return value.map((item) => this.plain(item, room));
    if (isMap(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => {
          room.left -= key.length;
          return [storableText(key), this.plain(item, room)];
        }),
      );
    }
    return value;
  }
}
