import type { Failure } from '@orderlines/contracts';
import { cancelAttempt, closeExecution } from '../close.js';
import { isContainer } from '../containers.js';
import type { Execution, Mutable } from '../document.js';
import { FAILED_BY_HAND } from '../limits.js';
import { fail } from '../settle.js';
import type { Turn } from '../turn.js';

/** Fails a node that has not ended: it is not repeated, its `onError` decides. Its worker is told to stop. */
export function failByHand(turn: Turn, execution: Mutable<Execution>, actor: string, message: string | undefined): void {
  const failure: Failure = { reason: 'user', code: FAILED_BY_HAND, message: message || `Failed by ${actor}.` };
  const hasInner = execution.status === 'RUNNING' && isContainer(turn.node(execution.nodeId));
  if (hasInner || execution.waitsFor?.kind === 'child') {
    return closeExecution(turn, execution, { status: 'FAILURE', failure });
  }
  cancelAttempt(turn, execution, failure, turn.context.settings.graceMs);
  fail(turn, execution, failure);
}
