import type { SkipReason } from '@orderlines/contracts';
import type { CompiledNode } from '../definition/compiled.js';
import type { Due, Execution } from './document.js';
import { endNode, fateOf } from './graph.js';
import type { Turn } from './turn.js';

/** Takes the token from an execution that has ended; what comes next is `due`, or what the dag makes of its ending. */
export function release(turn: Turn, { scope, nodeId }: Execution, due: Due, skipReason?: SkipReason): void {
  if (!turn.findScope(scope)?.graph) return giveToken(turn, scope, due);
  if ('end' in due && due.end.status !== 'SUCCESS') {
    return endNode(turn, scope, nodeId, due.end.status === 'STOP' ? 'stopped' : 'raised', due.end.failure);
  }
  endNode(turn, scope, nodeId, fateOf(skipReason));
}

/** Gives a flow its token with what happens next; in a section that is being ended, that is its end. */
export function giveToken(turn: Turn, scopeId: number, due: Due): void {
  const scope = turn.scope(scopeId);
  delete scope.current;
  scope.due = scope.closing ? { end: scope.closing } : due;
  turn.work.push({ do: 'move', scope: scopeId });
}

/** Moves everything that waits for nothing but its turn, after a pause or for the rest of a long transition. */
export function moveAll(turn: Turn): void {
  for (const { id, due, graph } of turn.openScopes()) if (due || graph) turn.work.push({ do: 'move', scope: id });
}

/** A jump to a node, or the flow's end for null. */
export const dueAt = (nodeId: string | null): Due => (nodeId === null ? { end: { status: 'SUCCESS' } } : { node: nodeId });

/** What follows a node that is done with. */
export const dueAfter = (node: CompiledNode): Due => dueAt(node.next);
