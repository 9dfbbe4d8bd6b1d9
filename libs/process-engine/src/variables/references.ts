import type { ASTNode } from '@marcbachmann/cel-js';
import { ExpressionError, type References, type Use } from './template.js';

/** Methods whose first argument names the element that the second looks at. */
export const MACROS: ReadonlySet<string> = new Set(['map', 'filter', 'all', 'exists', 'exists_one']);

/** Roots of which only a named part can be read, so that it is known beforehand what to load. */
const NAMED_ONLY: ReadonlySet<string> = new Set(['tasks', 'secrets', 'config']);

/** Every read of a root in an expression, in the order of its text; throws {@link ExpressionError} for `tasks[x]`. */
export function usesOf(ast: ASTNode, source: string): Use[] {
  const uses: Use[] = [];
  collect(ast, new Set(), source, uses);
  return uses;
}

/** The uses by root, as the executor asks for them. */
export function referencesOf(uses: readonly Use[]): References {
  const named = (root: string): ReadonlySet<string> =>
    new Set(uses.flatMap((use) => (use.root === root && use.name !== undefined ? [use.name] : [])));
  return { tasks: named('tasks'), vars: named('vars'), params: named('params'), secrets: named('secrets'), config: named('config') };
}

function collect(node: ASTNode, bound: ReadonlySet<string>, source: string, uses: Use[]): void {
  const use = readOf(node, bound);
  if (use !== undefined) {
    if (use.name === undefined && NAMED_ONLY.has(use.root)) {
      throw new ExpressionError(`name what you read: \`${use.root}.<name>\` or \`${use.root}['<name>']\``, source, use.offset);
    }
    uses.push(use);
    // `vars[params.x]`: what stands in the brackets reads on its own.
    if ((node.op === '[]' || node.op === '[?]') && use.name === undefined) collect(node.args[1], bound, source, uses);
    return;
  }
  if (node.op === 'rcall' && MACROS.has(node.args[0])) {
    const [, receiver, [element, ...bodies]] = node.args;
    collect(receiver, bound, source, uses);
    const inner = element?.op === 'id' ? new Set([...bound, element.args]) : bound;
    for (const body of bodies) collect(body, inner, source, uses);
    return;
  }
  for (const child of childrenOf(node)) collect(child, bound, source, uses);
}

/** A read that begins with a root: `root`, `root.name`, `root['name']`, `root[expression]`. */
function readOf(node: ASTNode, bound: ReadonlySet<string>): Use | undefined {
  if (node.op === 'id') return bound.has(node.args) ? undefined : { root: node.args, offset: node.start };
  if (node.op !== '.' && node.op !== '.?' && node.op !== '[]' && node.op !== '[?]') return undefined;
  const target = node.args[0];
  if (target.op !== 'id' || bound.has(target.args)) return undefined;
  const key = node.args[1];
  const name = typeof key === 'string' ? key : key.op === 'value' && typeof key.args === 'string' ? key.args : undefined;
  return { root: target.args, offset: target.start, ...(name === undefined ? {} : { name }) };
}

/** The expressions inside an expression. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'list':
    case '?:':
      return node.args;
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    case '.':
    case '.?':
      return [node.args[0]];
    default:
      return node.args;
  }
}
