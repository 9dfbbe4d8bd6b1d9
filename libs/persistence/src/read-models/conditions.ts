/** Collects the conditions of a query and the values they name; nothing from outside becomes text of the query. */
export class Conditions {
  readonly values: unknown[] = [];
  private readonly texts: string[] = [];

  /** The placeholder of a value. */
  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  /** Adds a condition. */
  and(text: string): void {
    this.texts.push(text);
  }

  /** Adds `expression = value` unless the value is undefined. */
  equal(expression: string, value: unknown): void {
    if (value !== undefined) this.and(`${expression} = ${this.value(value)}`);
  }

  /** ` where …`, or nothing. */
  toString(): string {
    return this.texts.length === 0 ? '' : ` where ${this.texts.join(' and ')}`;
  }
}
