import type { CompiledNode } from '../../definition/compiled.js';
import { type Execution, type Mutable, own, type Scope } from '../document.js';
import { evaluate, evaluateCondition } from '../expressions.js';
import { attempted } from '../node-failed.js';
import { fitted } from '../large-values.js';
import { pathOf } from '../paths.js';
import type { Turn } from '../turn.js';
import { waitFor } from '../waiting.js';

/** True when a debugged run stops before the node; the scope remembers the node otherwise. */
export function stopsAt(turn: Turn, scope: Mutable<Scope>, node: CompiledNode): boolean {
  const stops = !scope.passes && (scope.stepping === true || isBreakpoint(turn, scope.id, node));
  delete scope.passes;
  // The nodes of a dag have no order in which one of them was the last.
  if (!stops && !scope.graph) scope.last = node.id;
  return stops;
}

/** A condition that fails is a stop: somebody wanted to look here. */
function isBreakpoint(turn: Turn, scope: number, node: CompiledNode): boolean {
  const set = own(turn.debug?.breakpoints, node.id);
  if (set !== undefined) return set;
  const { breakpoint } = node;
  if (!breakpoint) return false;
  const holds = attempted(() => evaluateCondition(turn, scope, breakpoint, `breakpoint of ${node.id}`));
  return 'failure' in holds || holds.value;
}

/** The node waits for a person, who sees what it would be given. */
export function stopBefore(turn: Turn, execution: Mutable<Execution>): void {
  execution.status = 'WAITING';
  waitFor(turn, execution, { kind: 'breakpoint', scope: execution.scope });
  showInput(turn, execution);
  turn.tell(execution, pathOf(turn, execution));
}

/** Executions that wait for a person. */
export const stopped = (turn: Turn): readonly Execution[] => turn.openExecutions().filter(isStopped);

/** True for an execution that waits before its node. */
export const isStopped = ({ waitsFor }: Execution): boolean => waitsFor?.kind === 'breakpoint';

/** Writes the arguments of a stopped task as they would be now, or why they cannot be resolved; edited ones stay. */
export function showInput(turn: Turn, execution: Mutable<Execution>): void {
  const node = turn.node(execution.nodeId);
  if (node.type !== 'task' || execution.timeoutMs !== undefined) return;
  const input = attempted(() => fitted(turn, evaluate(turn, execution.scope, node.with), 'input'));
  turn.detail(execution.id, 'failure' in input ? { input: null, error: input.failure } : { input: input.value, error: null });
}

/** A scope that is opened inside a container which a person stepped into is stepped through. */
export const stepped = (turn: Turn, scope: Scope): Scope =>
  scope.container !== undefined && turn.findExecution(scope.container)?.into ? { ...scope, stepping: true } : scope;
