import type { Failure, FailureReason } from '@orderlines/contracts';
import type { CompiledNode } from '../../definition/compiled.js';
import type { Execution, Mutable } from '../document.js';
import { BACKSTOP_MS } from '../limits.js';
import type { Turn } from '../turn.js';
import { evaluateLimit } from './durations.js';

/** Sets the time-out of a node that no worker keeps: containers and waits. */
export function setDeadline(turn: Turn, node: CompiledNode, execution: Mutable<Execution>): void {
  if (node.timeout) execution.deadlineAt = turn.now + evaluateLimit(turn, execution.scope, node.timeout, 'timeout');
}

/** When the executor stops believing that the worker keeps the attempt's time-out itself; a callback has its limit instead. */
export function backstopOf(turn: Turn, execution: Execution): number {
  if (execution.callback) return execution.callback.expiresAt;
  const { graceMs, taskTimeoutMs } = turn.context.settings;
  return turn.now + (execution.timeoutMs ?? taskTimeoutMs) + graceMs + BACKSTOP_MS;
}

/** The failure a passed deadline stands for. */
export function timeoutFailure(reason: Extract<FailureReason, `timeout.${string}`>): Failure {
  const message = {
    'timeout.run': 'It ran longer than its timeout.',
    'timeout.queue': 'No worker took it within its queueTimeout.',
    'timeout.heartbeat': 'It gave no sign of life within its heartbeatTimeout.',
  }[reason];
  return { reason, message };
}
