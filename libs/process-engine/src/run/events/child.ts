import type { CompiledNode } from '../../definition/compiled.js';
import { childOf } from '../child-links.js';
import type { ChildEvent } from '../event.js';
import { fail, stop, succeed } from '../settle.js';
import type { Turn } from '../turn.js';

/** Word of the run that a `process` node asked for; one of a run that is not waited for any more means nothing. */
export function child(turn: Turn, { taskInstanceId, instanceId, outcome }: ChildEvent): void {
  const known = turn.findExecution(taskInstanceId);
  if (!known || childOf(known) !== instanceId || (outcome.status === 'STARTED' && waits(turn.node(known.nodeId)))) {
    turn.changed = false;
    return;
  }
  const execution = turn.execution(taskInstanceId);
  if (outcome.status === 'STARTED') return succeed(turn, execution, { result: { instanceId } });
  if (outcome.status === 'SUCCESS') return succeed(turn, execution, { result: outcome.outputs });
  const { cancelled } = execution;
  delete execution.cancelled;
  if (cancelled?.status === 'STOP') return stop(turn, execution, cancelled.failure);
  fail(turn, execution, cancelled?.failure ?? outcome.failure);
}

const waits = (node: CompiledNode): boolean => node.type === 'process' && node.wait;
