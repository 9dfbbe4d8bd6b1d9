import type { JsonObject } from '@orderlines/contracts';
import type { Execution, Mutable } from '../document.js';
import { NodeFailed } from '../node-failed.js';
import { prepareInput } from '../nodes/task.js';
import { leaveAttempt, repeatAfter } from '../settle.js';
import type { Turn } from '../turn.js';
import { keepFailedAttempt } from './failed-attempt.js';

/**
 * Repeats a failed node in place, at once. Its retry policy counts from here. A task gets the arguments that are given;
 * without any, one that had failed for good has its own resolved again, and sees what has changed since.
 */
export function retry(turn: Turn, execution: Mutable<Execution>, input: JsonObject | undefined): void {
  if (execution.status === 'RETRY') cutShort(turn, execution);
  else beginAnew(turn, execution);
  if (input) takeInput(turn, execution, input);
  repeatAfter(turn, execution, 0);
}

function cutShort(turn: Turn, execution: Mutable<Execution>): void {
  if (execution.timer !== undefined) turn.timers.clear(execution.timer);
  delete execution.timer;
  delete execution.due;
}

function beginAnew(turn: Turn, execution: Mutable<Execution>): void {
  keepFailedAttempt(turn, execution);
  leaveAttempt(execution);
  delete execution.waitsFor;
  delete execution.timeoutMs;
  delete execution.firstStartedAt;
  execution.repeatedAfter = execution.attempt;
  // Nothing of the failed attempt may be read as if it were of the next.
  turn.detail(execution.id, { result: null, error: null });
}

function takeInput(turn: Turn, execution: Mutable<Execution>, input: JsonObject): void {
  const node = turn.node(execution.nodeId);
  if (node.type !== 'task') {
    const message = `${node.id} is a ${node.type}: only a task takes arguments. Retry it without input.`;
    throw new NodeFailed({ reason: 'user', code: 'operation.no-input', message });
  }
  prepareInput(turn, node, execution, input);
}
