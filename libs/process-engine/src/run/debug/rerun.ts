import type { Execution, Mutable } from '../document.js';
import { own } from '../document.js';
import { pathOf } from '../paths.js';
import { giveToken } from '../token.js';
import type { Turn } from '../turn.js';

/** Goes back to the node that ran last in the scope and runs it once more; the stopped node is reached again behind it. */
export function rerun(turn: Turn, execution: Mutable<Execution>, last: string): void {
  const scope = turn.scope(execution.scope);
  const visitsOf = (nodeId: string): number => own(scope.visits, nodeId) ?? 1;
  scope.visits = { ...scope.visits, [last]: visitsOf(last), [execution.nodeId]: visitsOf(execution.nodeId) };
  withdraw(turn, execution, last);
  scope.passes = true;
  giveToken(turn, scope.id, { node: last });
}

/** The stopped node has not run, so nothing but its row tells of it. */
function withdraw(turn: Turn, execution: Mutable<Execution>, last: string): void {
  const failure = { reason: 'stopped', code: 'debug.withdrawn', message: `Left to run ${last} again.` } as const;
  execution.status = 'STOP';
  execution.reason = failure.reason;
  delete execution.waitsFor;
  turn.detail(execution.id, { error: failure, finishedAt: turn.now });
  turn.tell(execution, pathOf(turn, execution), failure);
  turn.removeExecution(execution.id);
}
