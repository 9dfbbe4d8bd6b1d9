import type { Failure, JsonObject, ProcessStatus, TaskStatus } from '@orderlines/contracts';
import type { CallbackState, CompiledCallback, CompiledRetry } from '../../definition/compiled.js';
import { type CallbackOf, type Execution, ROOT } from '../document.js';
import { evaluate } from '../expressions.js';
import { fitted } from '../large-values.js';
import { attempted } from '../node-failed.js';
import { errorRoot } from '../row-reader.js';
import { pathOf } from '../paths.js';
import { queue } from '../queueing.js';
import type { Turn } from '../turn.js';

/** How a failed callback is repeated, inside its limit. */
export const CALLBACK_RETRY: CompiledRetry = {
  limit: 3,
  delay: { kind: 'literal', value: 5_000 },
  backoff: 'exponential',
  factor: 2,
  jitter: 0.2,
  reasons: ['user', 'plugin', 'timeout.run', 'timeout.heartbeat', 'infra'],
};

/** The state a callback names for an ending, or undefined for one that calls nobody. */
export function callbackState(status: TaskStatus | ProcessStatus, failure: Failure | undefined): CallbackState | undefined {
  if (status === 'FAILURE') return failure?.reason.startsWith('timeout.') ? 'TIMEOUT' : 'FAILURE';
  return status === 'SUCCESS' || status === 'SKIP' || status === 'RETRY' || status === 'STOP' ? status : undefined;
}

/** What callbacks and `retry.when` see as `event`. */
export const eventRoot = (node: string, name: string, status: string, attempt: number, failure?: Failure): JsonObject => ({
  node,
  name,
  status,
  reason: failure?.reason ?? null,
  error: failure ? errorRoot(failure) : null,
  attempt,
});

/** Starts the callbacks of a node that has reached a state. */
export function callBackForNode(turn: Turn, execution: Execution, failure: Failure | undefined): void {
  const node = turn.node(execution.nodeId);
  const state = callbackState(execution.status, failure);
  if (node.callbacks.length === 0 || !state) return;
  const event = eventRoot(node.id, node.name, execution.status, execution.attempt, failure);
  node.callbacks.forEach((callback, entry) => {
    if (!callback.states.includes(state)) return;
    const path = `${pathOf(turn, execution)}/callbacks/${entry + 1}`;
    start(turn, callback, 'node', { nodeId: node.id, scope: execution.scope, parentId: execution.id, path }, event);
  });
}

/** Starts the callbacks of the run after its terminal status; they hold nothing. */
export function callBackForRun(turn: Turn): void {
  const { process, run } = turn;
  const state = callbackState(run.status, run.error ?? undefined);
  const event = eventRoot(process.name, process.name, run.status, 1, run.error ?? undefined);
  const callbacks = process.callbacks.length > 0 ? process.callbacks : turn.context.settings.runCallbacks;
  callbacks.forEach((callback, entry) => {
    if (!state || !callback.states.includes(state)) return;
    const place = { nodeId: process.name, scope: ROOT, parentId: null, path: `callbacks/${entry + 1}` };
    start(turn, callback, 'process', place, event);
  });
}

interface Place {
  readonly nodeId: string;
  readonly scope: number;
  readonly parentId: string | null;
  readonly path: string;
}

function start(turn: Turn, callback: CompiledCallback, of: CallbackOf['of'], place: Place, event: JsonObject): void {
  const { now, context } = turn;
  const { callbackTimeoutMs } = context.settings;
  const input = attempted(() => {
    return fitted(turn, evaluate(turn, place.scope, callback.with, { event }), 'input');
  });
  const execution = turn.createExecution(
    {
      id: context.newId(),
      nodeId: place.nodeId,
      scope: place.scope,
      status: 'PENDING',
      attempt: 1,
      dispatch: 1,
      timeoutMs: callbackTimeoutMs,
      callback: { of, path: place.path, queue: callback.queue, expiresAt: now + callbackTimeoutMs },
    },
    {
      nodeId: place.nodeId,
      kind: 'callback',
      type: 'task',
      uses: callback.uses,
      path: place.path,
      scope: place.scope,
      parentId: place.parentId,
      visit: 1,
      index: null,
      queue: callback.queue,
      workspace: null,
      createdAt: now,
    },
    { input: 'value' in input ? input.value : null, timeoutMs: callbackTimeoutMs },
  );
  if ('value' in input) queue(turn, execution);
  else {
    execution.status = 'FAILURE';
    execution.reason = input.failure.reason;
    execution.failed = true;
    turn.detail(execution.id, { result: null, error: input.failure, finishedAt: now });
    turn.removeExecution(execution.id);
  }
  turn.tell(execution, place.path, 'value' in input ? undefined : input.failure);
}
