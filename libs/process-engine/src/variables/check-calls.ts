import type { ASTNode } from '@marcbachmann/cel-js';
import { FUNCTIONS } from './functions/index.js';
import { childrenOf, MACROS } from './references.js';
import { closest } from './closest.js';
import { ExpressionError } from './template.js';

/** Names that the evaluation handles itself, with the number of their arguments (a method's receiver not counted). */
const BUILT_IN: ReadonlyMap<string, readonly number[]> = new Map([
  ['has', [1]],
  ['orValue', [1]],
  ['or', [1]],
  ['map', [2, 3]],
  ['filter', [2]],
  ['all', [2]],
  ['exists', [2]],
  ['exists_one', [2]],
]);

/** Refuses calls of unknown functions and calls with a wrong number of arguments, at save instead of in the run. */
export function checkCalls(node: ASTNode, source: string): void {
  if (node.op === 'call') checkCall(node, node.args[0], node.args[1].length, false, source);
  if (node.op === 'rcall') checkCall(node, node.args[0], node.args[2].length, true, source);
  for (const child of childrenOf(node)) checkCalls(child, source);
}

function checkCall(node: ASTNode, name: string, given: number, isMethod: boolean, source: string): void {
  const counts = BUILT_IN.get(name);
  const called = FUNCTIONS.get(name);
  if (counts !== undefined && isMethod === (name !== 'has')) {
    if (!counts.includes(given)) throw wrongCount(node, name, counts.join(' or '), source);
    if (MACROS.has(name) && node.op === 'rcall' && node.args[2][0]?.op !== 'id') {
      throw new ExpressionError(`\`${name}\` begins with the name of the element, as in \`list.${name}(x, …)\``, source, node.start);
    }
    return;
  }
  if (called === undefined) {
    const suggestion = closest(name, [...FUNCTIONS.keys(), ...BUILT_IN.keys()]);
    throw new ExpressionError(
      `the function \`${name}\` is not known${suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`}`,
      source,
      node.start,
    );
  }
  const total = given + (isMethod ? 1 : 0);
  if (total < called.arity[0] || total > called.arity[1]) {
    throw wrongCount(node, name, [...new Set(called.arity.map((count) => count - (isMethod ? 1 : 0)))].join(' to '), source);
  }
}

const wrongCount = (node: ASTNode, name: string, wanted: string, source: string): ExpressionError =>
  new ExpressionError(`\`${name}\` takes ${wanted} ${wanted === '1' ? 'argument' : 'arguments'}`, source, node.start);
