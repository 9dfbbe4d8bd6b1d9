import type { Json } from '@orderlines/contracts';
import type { CompiledTask } from '../../definition/compiled.js';
import type { Execution, Mutable } from '../document.js';
import { evaluate } from '../expressions.js';
import { fitted } from '../large-values.js';
import { pathOf } from '../paths.js';
import { evaluateLimit } from '../policy/durations.js';
import { queue } from '../queueing.js';
import type { Turn } from '../turn.js';
import type { NodeBehaviour } from './behaviour.js';

/** Resolves the arguments, once, and hands the attempt to the workers of its queue. */
export const task: NodeBehaviour<CompiledTask> = {
  begin(turn, node, execution) {
    if (execution.timeoutMs === undefined) prepareInput(turn, node, execution, evaluate(turn, execution.scope, node.with));
    queue(turn, execution);
    turn.tell(execution, pathOf(turn, execution));
  },
};

/** Takes the arguments for this and the following attempts, and resolves their limits. Throws NodeFailed, with nothing changed. */
export function prepareInput(turn: Turn, node: CompiledTask, execution: Mutable<Execution>, given: Json): void {
  const { scope } = execution;
  const input = fitted(turn, given, 'input');
  const timeoutMs = node.timeout ? evaluateLimit(turn, scope, node.timeout, 'timeout') : turn.context.settings.taskTimeoutMs;
  if (node.queueTimeout) execution.queueTimeoutMs = evaluateLimit(turn, scope, node.queueTimeout, 'queueTimeout');
  const heartbeatTimeoutMs = node.heartbeatTimeout && evaluateLimit(turn, scope, node.heartbeatTimeout, 'heartbeatTimeout');
  // No worker can be told of a limit of nothing.
  execution.timeoutMs = Math.max(1, timeoutMs);
  const heartbeat = heartbeatTimeoutMs === undefined ? {} : { heartbeatTimeoutMs: Math.max(1, heartbeatTimeoutMs) };
  turn.detail(execution.id, { input, timeoutMs: execution.timeoutMs, ...heartbeat });
}
