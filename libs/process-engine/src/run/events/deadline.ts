import { cancelAttempt, closeExecution } from '../close.js';
import { isContainer } from '../containers.js';
import type { DeadlineEvent } from '../event.js';
import { behaviourOf } from '../nodes/index.js';
import { timeoutFailure } from '../policy/timeouts.js';
import { fail, stop } from '../settle.js';
import type { Turn } from '../turn.js';

/** A task instance's deadline passed. One that was moved meanwhile, or belongs to an earlier attempt, means nothing any more. */
export function deadline(turn: Turn, event: DeadlineEvent): void {
  const known = turn.findExecution(event.taskInstanceId);
  const isQueue = event.reason === 'timeout.queue';
  const due = known?.deadlineAt !== undefined && known.deadlineAt <= turn.now;
  if (!known || known.attempt !== event.attempt || !due || isQueue !== (known.status === 'PENDING')) {
    turn.changed = false;
    return;
  }
  const execution = turn.execution(known.id);
  const failure = timeoutFailure(event.reason);
  if (execution.cancelled) {
    return stop(turn, execution, { ...execution.cancelled.failure, code: 'stop.unconfirmed', message: UNCONFIRMED });
  }
  if (execution.status === 'WAITING' && !execution.callback) {
    const node = turn.node(execution.nodeId);
    const { expire } = behaviourOf(node);
    if (expire) return expire(turn, node, execution);
  }
  if (!execution.callback && isContainer(turn.node(execution.nodeId)))
    return closeExecution(turn, execution, { status: 'FAILURE', failure });
  cancelAttempt(turn, execution, failure, turn.context.settings.graceMs);
  fail(turn, execution, failure);
}

const UNCONFIRMED = 'Stopped; the worker did not confirm it within the grace period.';
