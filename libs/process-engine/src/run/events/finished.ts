import type { Failure } from '@orderlines/contracts';
import type { Execution, Mutable } from '../document.js';
import type { FinishedEvent } from '../event.js';
import { fail, type Report, stop, succeed } from '../settle.js';
import type { Turn } from '../turn.js';
import { lose } from './lost.js';

/** A worker says how an attempt ended. Anything without the claim's token is late or repeated. */
export function finished(turn: Turn, event: FinishedEvent): void {
  const { taskInstanceId, outcome, variables, logChunks } = event;
  if (!holds(turn.findExecution(taskInstanceId), event)) {
    turn.changed = false;
    return;
  }
  const execution = turn.execution(taskInstanceId);
  delete execution.losses;
  const report: Report = {
    ...(outcome.result !== undefined && { result: outcome.result }),
    ...(variables !== undefined && { variables }),
    ...(logChunks !== undefined && { logChunks }),
  };
  if (outcome.status === 'SUCCESS') return succeed(turn, execution, report);
  if (execution.cancelled) return stop(turn, execution, execution.cancelled.failure, report);
  if (outcome.status === 'FAILURE') return fail(turn, execution, outcome.failure, report);
  lose(turn, execution, STOPPED_BY_WORKER, report);
}

/** A worker that shuts down stops its tasks unasked; that is a loss, nobody wanted it. */
const STOPPED_BY_WORKER: Failure = {
  reason: 'infra',
  message: 'The worker stopped the task on its own, for example because it was shut down.',
};

/** True when the event speaks of the attempt as it is now. */
export function holds(
  execution: Execution | undefined,
  event: { readonly attempt: number; readonly dispatch: number; readonly token: string },
): execution is Mutable<Execution> {
  return (
    execution?.status === 'RUNNING' &&
    execution.attempt === event.attempt &&
    execution.dispatch === event.dispatch &&
    execution.token === event.token
  );
}
