import type { CompiledNode } from '../definition/compiled.js';
import type { Due } from './document.js';
import type { Turn } from './turn.js';

/** Gives the scope its token back with what happens next; in a section that is being ended, that is its end. */
export function release(turn: Turn, scopeId: number, due: Due): void {
  const scope = turn.scope(scopeId);
  delete scope.current;
  scope.due = scope.closing ? { end: scope.closing } : due;
  turn.work.push({ do: 'move', scope: scopeId });
}

/** Moves every token that waits, after a pause or for the rest of a long transition. */
export function moveAll(turn: Turn): void {
  for (const scope of turn.openScopes()) if (scope.due) turn.work.push({ do: 'move', scope: scope.id });
}

/** A jump to a node, or the flow's end for null. */
export const dueAt = (nodeId: string | null): Due => (nodeId === null ? { end: { status: 'SUCCESS' } } : { node: nodeId });

/** What follows a node that is done with. */
export const dueAfter = (node: CompiledNode): Due => dueAt(node.next);
