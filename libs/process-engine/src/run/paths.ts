import type { Execution, Scope } from './document.js';
import type { Turn } from './turn.js';

/** Where a node stands in a scope, e.g. `checks/unit/compile`. */
export const pathIn = (scope: Scope, nodeId: string): string => (scope.path === '' ? nodeId : `${scope.path}/${nodeId}`);

/** Where an execution stands. */
export function pathOf(turn: Turn, execution: Execution): string {
  const scope = turn.findScope(execution.scope);
  return execution.callback?.path ?? (scope ? pathIn(scope, execution.nodeId) : execution.nodeId);
}
