import type { Json, LargeValue } from '@orderlines/contracts';

/** What an expression names: the executor loads only these rows before a transition. */
export interface References {
  /** Ids of nodes read as `tasks.<id>`. */
  readonly tasks: ReadonlySet<string>;
  /** Names read as `vars.<name>`. */
  readonly vars: ReadonlySet<string>;
  /** Names read as `params.<name>`. */
  readonly params: ReadonlySet<string>;
  /** Names read as `secrets.<name>`. */
  readonly secrets: ReadonlySet<string>;
  /** Names read as `config.<name>`: variables of the namespace. */
  readonly config: ReadonlySet<string>;
}

/** One read of a root in an expression. */
export interface Use {
  /** First name, e.g. `params`, `vars`, `tasks`, `run`. */
  readonly root: string;
  /** What is read of it when that is written out, as in `params.version`. */
  readonly name?: string;
  /** 0-based offset in the expression. */
  readonly offset: number;
}

/** Values an expression sees, by root name (`params`, `vars`, `tasks`, `run`, `result`, `event`, an `as` name …). */
export type Roots = Readonly<Record<string, Json | undefined>>;

/** Gives the whole of a value that stands as a reference; throws `ValueError` when it cannot. */
export type OpenValue = (value: LargeValue) => Json;

/** A parsed CEL expression; evaluation is step- and size-limited and throws {@link ExpressionError}. */
export interface Expression {
  readonly source: string;
  readonly references: References;
  /** Every read of a root, for messages with positions. */
  readonly uses: readonly Use[];
  /** A value that stands as a reference is passed on as such, and opened only where the expression looks into it. */
  evaluate(roots: Roots, open?: OpenValue): Json;
}

/** A value of a definition: fixed, one expression (keeps its type), or text with expressions spliced in, at any depth. */
export type Template =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'text'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Template])[] };

/** An expression that could not be read or evaluated. */
export class ExpressionError extends Error {
  constructor(
    message: string,
    /** The expression's text. */
    readonly expression: string,
    /** 0-based offset in the expression where it went wrong, when known. */
    readonly offset?: number,
  ) {
    super(message);
    this.name = 'ExpressionError';
  }
}
