import type { CompiledSwitch } from '../../definition/compiled.js';
import { evaluateCondition } from '../expressions.js';
import { NodeFailed } from '../node-failed.js';
import { succeed } from '../settle.js';
import { dueAt } from '../token.js';
import type { Turn } from '../turn.js';
import type { NodeBehaviour } from './behaviour.js';

/** The gateway: the first case that holds decides where the token goes. Its result is the case taken. */
export const switchNode: NodeBehaviour<CompiledSwitch> = {
  begin(turn, node, execution) {
    const { taken, next } = choose(turn, node, execution.scope);
    succeed(turn, execution, { result: { case: taken, next } }, dueAt(next));
  },
};

/** What a case is called: its name, or its number from 1. */
export const caseName = ({ name }: { readonly name?: string }, index: number): string => name ?? String(index + 1);

function choose(turn: Turn, node: CompiledSwitch, scope: number): { readonly taken: string; readonly next: string | null } {
  for (const [index, option] of node.cases.entries()) {
    const name = caseName(option, index);
    if (evaluateCondition(turn, scope, option.when, `Case ${name} of ${node.id}`)) return { taken: name, next: option.next };
  }
  if (node.default !== undefined) return { taken: 'default', next: node.default };
  throw new NodeFailed({
    reason: 'expression',
    code: 'switch.no-case',
    message: `No case of ${node.id} holds and it has no default. Add a default.`,
  });
}
