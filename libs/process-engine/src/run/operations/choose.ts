import type { CompiledSwitch } from '../../definition/compiled.js';
import type { Execution, Mutable } from '../document.js';
import { NodeFailed } from '../node-failed.js';
import { caseName } from '../nodes/switch.js';
import { succeedByHand } from '../settle.js';
import { dueAt } from '../token.js';
import type { Turn } from '../turn.js';
import { keepFailedAttempt } from './failed-attempt.js';

/** Sends the token the way a person chose, as if that case had been true. */
export function choose(turn: Turn, execution: Mutable<Execution>, wanted: string): void {
  const node = turn.node(execution.nodeId);
  if (node.type !== 'switch') throw new Error(`${node.id} is no switch.`);
  const next = wayOf(node, wanted);
  if (execution.status === 'FAILURE') keepFailedAttempt(turn, execution);
  succeedByHand(turn, execution, { case: wanted, next }, dueAt(next));
}

function wayOf(node: CompiledSwitch, wanted: string): string | null {
  const ways = new Map(node.cases.map((option, index) => [caseName(option, index), option.next]));
  if (node.default !== undefined) ways.set('default', node.default);
  const next = ways.get(wanted);
  if (next !== undefined) return next;
  const message = `${node.id} has no case ${wanted}. It has: ${[...ways.keys()].join(', ')}.`;
  throw new NodeFailed({ reason: 'user', code: 'operation.no-case', message });
}
