import type { Failure } from '@orderlines/contracts';
import type { CompiledNode } from '../../definition/compiled.js';
import { own } from '../document.js';
import type { Turn } from '../turn.js';

/** Counts a visit of a node in a scope; one that cannot be reached again is not counted in the state, unless a person had it run again. */
export function countVisit(turn: Turn, scopeId: number, node: CompiledNode): number {
  const counted = own(turn.findScope(scopeId)?.visits, node.id);
  if (!node.inCycle && counted === undefined) return 1;
  const scope = turn.scope(scopeId);
  const visit = (counted ?? 0) + 1;
  scope.visits = { ...scope.visits, [node.id]: visit };
  return visit;
}

/** The failure of a node visited too often: a loop that does not end. */
export function tooManyVisits(turn: Turn, node: CompiledNode, visit: number): Failure | undefined {
  const { maxVisits } = turn.process;
  // What a person has run again is no loop.
  if (visit <= maxVisits || !node.inCycle) return undefined;
  return {
    reason: 'policy',
    code: 'visits.exceeded',
    message: `${node.id} was reached more than ${maxVisits} times in one scope. Check the condition that ends the loop, or raise maxVisits.`,
  };
}
