import { ExpressionError } from './template.js';

/** Steps an expression may take: every operation, every element a macro or a function touches. */
export const MAX_STEPS = 100_000;
/** Characters an expression may make, and the size its value may have. */
export const MAX_SIZE = 1_048_576;
/** Characters of text that are looked through for one step. */
const CHARACTERS_PER_STEP = 100;

/** An expression that asks for too much; unlike other errors, `&&` and `||` never swallow it. */
export class LimitExceeded extends ExpressionError {}

/** Counts what one evaluation costs and ends it when it costs too much: neither CEL library has a limit at run time. */
export class Budget {
  private steps = MAX_STEPS;
  private size = MAX_SIZE;

  constructor(private readonly expression: string) {}

  /** Takes steps; throws {@link LimitExceeded} when none are left. */
  spend(steps = 1): void {
    this.steps -= steps;
    if (this.steps < 0) {
      throw new LimitExceeded(`the expression takes more than ${MAX_STEPS} steps; do this work in a task`, this.expression);
    }
  }

  /** Takes the steps of looking through a text. */
  scan(text: string): void {
    this.spend(1 + text.length / CHARACTERS_PER_STEP);
  }

  /** Takes room for something newly made, before it is made. */
  grow(characters: number): void {
    this.spend(characters / CHARACTERS_PER_STEP);
    this.size -= characters;
    if (this.size < 0) {
      throw new LimitExceeded(`the expression makes more than ${MAX_SIZE} characters; do this work in a task`, this.expression);
    }
  }
}
