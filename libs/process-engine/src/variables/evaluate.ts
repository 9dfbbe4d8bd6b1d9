import type { ASTNode } from '@marcbachmann/cel-js';
import { holdsGuarded, isGuarded, isLargeValue, type Json } from '@orderlines/contracts';
import type { Budget } from './budget.js';
import { LimitExceeded } from './budget.js';
import { FUNCTIONS } from './functions/index.js';
import { calculate, compare, equal, isIn, plus, ValueError } from './operators.js';
import { MACROS } from './references.js';
import { ExpressionError, type OpenValue, type Roots } from './template.js';
import { isMap, nameOf, Optional, type Value } from './value.js';

/** A name bound by a macro, and the names around it. */
interface Binding {
  readonly name: string;
  readonly value: Value;
  readonly outer: Binding | null;
}

/**
 * Walks an expression that cel-js has parsed. The walk is our own because cel-js counts nothing while it runs,
 * tells integers from doubles (7 / 2 is 3, n + 1 fails for a JSON number) and matches with JavaScript's RegExp.
 */
export class Evaluation {
  constructor(
    private readonly source: string,
    private readonly roots: Roots,
    private readonly budget: Budget,
    /** Absent: references are values like any other. */
    private readonly open?: OpenValue,
  ) {}

  /** The value of a node; throws {@link ExpressionError} with the place in the text. */
  run(node: ASTNode, bindings: Binding | null = null): Value {
    this.budget.spend();
    try {
      return this.apply(node, bindings);
    } catch (error) {
      if (error instanceof ValueError) throw new ExpressionError(error.message, this.source, node.start);
      throw error;
    }
  }

  /** The value of a node that is looked into: the whole of it where it stands as a reference. */
  private whole(node: ASTNode, bindings: Binding | null): Value {
    return this.opened(this.run(node, bindings));
  }

  private opened(value: Value | undefined): Value {
    if (value instanceof Optional) return isLargeValue(value.value) ? new Optional(this.opened(value.value)) : value;
    return this.open !== undefined && isLargeValue(value) ? this.open(value) : (value as Value);
  }

  private apply(node: ASTNode, bindings: Binding | null): Value {
    switch (node.op) {
      case 'value':
        return literal(node.args);
      case 'id':
        return this.lookUp(node.args, bindings);
      case '.':
        return select(this.whole(node.args[0], bindings), node.args[1]);
      case '.?':
        return selectOptional(this.whole(node.args[0], bindings), node.args[1]);
      case '[]':
        return select(this.whole(node.args[0], bindings), this.run(node.args[1], bindings));
      case '[?]':
        return selectOptional(this.whole(node.args[0], bindings), this.run(node.args[1], bindings));
      case 'call':
        return node.args[0] === 'has' ? this.has(node.args[1], bindings) : this.call(node.args[0], node.args[1], bindings);
      case 'rcall':
        return this.callMethod(node.args, bindings);
      case 'list':
        this.budget.grow(node.args.length);
        return node.args.map((item) => this.run(item, bindings));
      case 'map':
        return this.makeMap(node.args, bindings);
      case '?:':
        return this.run(this.truth(node.args[0], bindings) ? node.args[1] : node.args[2], bindings);
      case '||':
        return this.decide(true, node.args, bindings);
      case '&&':
        return this.decide(false, node.args, bindings);
      case '!_':
        return !this.truth(node.args, bindings);
      case '-_':
        return calculate('-', 0, this.run(node.args, bindings));
      default:
        return this.applyBinary(node.op, this.whole(node.args[0], bindings), this.whole(node.args[1], bindings));
    }
  }

  private applyBinary(operator: string, left: Value, right: Value): Value {
    // Texts may be joined with what only stands for a secret; nothing else can be done without its value.
    const joins = operator === '+' && typeof left === 'string' && typeof right === 'string';
    if (!joins && (holdsGuarded(left) || holdsGuarded(right))) throw new SecretNeeded();
    switch (operator) {
      case '+':
        return plus(left, right, this.budget);
      case '-':
      case '*':
      case '/':
      case '%':
        return calculate(operator, left, right);
      case '==':
        return equal(left, right, this.budget);
      case '!=':
        return !equal(left, right, this.budget);
      case '<':
        return compare(left, right, this.budget) < 0;
      case '<=':
        return compare(left, right, this.budget) <= 0;
      case '>':
        return compare(left, right, this.budget) > 0;
      case '>=':
        return compare(left, right, this.budget) >= 0;
      case 'in':
        return isIn(left, right, this.budget);
      default:
        throw new ValueError(`the operator \`${operator}\` is not known`);
    }
  }

  private lookUp(name: string, bindings: Binding | null): Value {
    for (let binding = bindings; binding !== null; binding = binding.outer) {
      if (binding.name === name) return binding.value;
    }
    const value = Object.hasOwn(this.roots, name) ? this.roots[name] : undefined;
    if (value === undefined) throw new ValueError(`\`${name}\` is not known here`);
    return value;
  }

  private truth(node: ASTNode, bindings: Binding | null): boolean {
    const value = this.run(node, bindings);
    if (typeof value !== 'boolean') {
      throw new ExpressionError(`a condition must be true or false, not ${nameOf(value)}`, this.source, node.start);
    }
    return value;
  }

  /** `||` (decisive: true) and `&&` (decisive: false): as CEL has it, one side may fail where the other one decides. */
  private decide(decisive: boolean, [left, right]: readonly [ASTNode, ASTNode], bindings: Binding | null): boolean {
    let failure: ExpressionError | undefined;
    try {
      if (this.truth(left, bindings) === decisive) return decisive;
    } catch (error) {
      if (!(error instanceof ExpressionError) || error instanceof LimitExceeded) throw error;
      failure = error;
    }
    if (this.truth(right, bindings) === decisive) return decisive;
    if (failure !== undefined) throw failure;
    return !decisive;
  }

  private makeMap(entries: readonly (readonly [ASTNode, ASTNode])[], bindings: Binding | null): Value {
    this.budget.grow(entries.length);
    const pairs = entries.map(([key, value]): [string, Value] => {
      const name = this.run(key, bindings);
      if (typeof name !== 'string') throw new ExpressionError(`a key must be a text, not ${nameOf(name)}`, this.source, key.start);
      return [name, this.run(value, bindings)];
    });
    return Object.fromEntries(pairs);
  }

  /** `has(a.b.c)`: true when the whole way is there. */
  private has([node]: readonly ASTNode[], bindings: Binding | null): boolean {
    if (node === undefined || (node.op !== '.' && node.op !== '.?')) throw new ValueError('has() needs a field, as in `has(a.b)`');
    const value = this.reach(node, bindings);
    return value !== undefined;
  }

  /** The value at the end of `a.b.c`, or undefined where a part of it is missing. */
  private reach(node: ASTNode, bindings: Binding | null): Value | undefined {
    if (node.op !== '.' && node.op !== '.?') return this.whole(node, bindings);
    this.budget.spend();
    const target = this.opened(this.reach(node.args[0], bindings));
    return isMap(target) && Object.hasOwn(target, node.args[1]) ? target[node.args[1]] : undefined;
  }

  private callMethod([name, target, args]: readonly [string, ASTNode, ASTNode[]], bindings: Binding | null): Value {
    if (MACROS.has(name)) return this.expand(name, target, args, bindings);
    if (name === 'orValue' || name === 'or') {
      const optional = this.run(target, bindings);
      if (!(optional instanceof Optional)) throw new ValueError(`\`.${name}()\` follows an optional, as in \`a.?b.orValue(c)\``);
      const [otherwise] = args;
      if (optional.value === undefined && otherwise !== undefined) return this.run(otherwise, bindings);
      return name === 'or' ? optional : (optional.value ?? null);
    }
    return this.call(name, [target, ...args], bindings);
  }

  private call(name: string, args: readonly ASTNode[], bindings: Binding | null): Value {
    const called = FUNCTIONS.get(name);
    if (called === undefined) throw new ValueError(`the function \`${name}\` is not known`);
    const values = args.map((argument) => this.whole(argument, bindings));
    if (values.some(holdsGuarded)) throw new SecretNeeded();
    return called.call(values, this.budget);
  }

  private expand(macro: string, target: ASTNode, args: readonly ASTNode[], bindings: Binding | null): Value {
    const items = this.elementsOf(target, bindings);
    const [element, first, second] = args;
    if (element?.op !== 'id' || first === undefined)
      throw new ValueError(`\`${macro}\` needs a name and an expression, as in \`list.${macro}(x, …)\``);
    const inside = (value: Value): Binding => ({ name: element.args, value, outer: bindings });
    switch (macro) {
      case 'map': {
        const kept = second === undefined ? items : items.filter((item) => this.truth(first, inside(item)));
        this.budget.grow(kept.length);
        return kept.map((item) => this.run(second ?? first, inside(item)));
      }
      case 'filter':
        this.budget.grow(items.length);
        return items.filter((item) => this.truth(first, inside(item)));
      case 'all':
        return items.every((item) => this.truth(first, inside(item)));
      case 'exists':
        return items.some((item) => this.truth(first, inside(item)));
      default:
        return items.filter((item) => this.truth(first, inside(item))).length === 1;
    }
  }

  private elementsOf(node: ASTNode, bindings: Binding | null): readonly Value[] {
    const collection = this.whole(node, bindings);
    if (Array.isArray(collection)) return collection;
    if (isMap(collection)) return Object.keys(collection);
    throw new ExpressionError(`a list or a map is needed here, not ${nameOf(collection)}`, this.source, node.start);
  }
}

/** The expression computes with a secret, whose value only the start of a task brings. */
export class SecretNeeded extends Error {}

/** CEL's whole numbers are numbers like any other to a person. */
function literal(value: Extract<ASTNode, { op: 'value' }>['args']): Json {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && isGuarded(value)) throw new ValueError('the characters U+FDD0 and U+FDD1 cannot be written');
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if ('value' in value) return Number(value.value);
  throw new ValueError('bytes are not supported; write a text');
}

function select(target: Value, key: Value): Value {
  if (target instanceof Optional) return selectOptional(target, key);
  if (Array.isArray(target)) {
    if (typeof key !== 'number' || !Number.isInteger(key))
      throw new ValueError(`a list is indexed by a whole number, not by ${nameOf(key)}`);
    const item = target[key];
    if (item === undefined) throw new ValueError(`the list has ${target.length} elements, there is no element ${key}`);
    return item;
  }
  if (!isMap(target)) throw new ValueError(`${nameOf(target)} has no parts${typeof key === 'string' ? `, so no \`${key}\`` : ''}`);
  if (typeof key !== 'string') throw new ValueError(`a map is read by a text, not by ${nameOf(key)}`);
  const value = Object.hasOwn(target, key) ? target[key] : undefined;
  if (value === undefined) throw new ValueError(`there is no \`${key}\`; where it may be missing, read \`.?${key}.orValue(…)\``);
  return value;
}

function selectOptional(target: Value, key: Value): Optional {
  const inner = target instanceof Optional ? target.value : target;
  if (inner === undefined || inner === null) return new Optional(undefined);
  if (Array.isArray(inner) && typeof key === 'number') return new Optional(inner[key]);
  if (isMap(inner) && typeof key === 'string') return new Optional(Object.hasOwn(inner, key) ? inner[key] : undefined);
  return new Optional(select(inner, key));
}
