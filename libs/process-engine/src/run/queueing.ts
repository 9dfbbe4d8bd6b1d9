import type { Json } from '@orderlines/contracts';
import type { Execution, Mutable, Scope, Workspace } from './document.js';
import { exceeds, MAX_INPUT_BYTES } from './limits.js';
import { NodeFailed } from './node-failed.js';
import type { Turn } from './turn.js';

/** Hands an attempt to the workers: PENDING, to be published, unless a pause holds it back until the resume does this again. */
export function queue(turn: Turn, execution: Mutable<Execution>): void {
  const { now } = turn;
  execution.status = 'PENDING';
  delete execution.session;
  delete execution.token;
  delete execution.startedAt;
  delete execution.deadlineAt;
  delete execution.reason;
  bindToWorkspace(turn, execution);
  execution.readyAt = now;
  if (isHeldBack(turn, execution)) return;
  if (execution.callback) execution.deadlineAt = execution.callback.expiresAt;
  else if (execution.queueTimeoutMs !== undefined) execution.deadlineAt = now + execution.queueTimeoutMs;
  turn.dispatch.add(execution.id);
}

/** Callbacks go on during a pause: they tell about what has ended and start nothing of the flow. */
export const isHeldBack = (turn: Turn, execution: Execution): boolean => turn.paused !== undefined && !execution.callback;

function bindToWorkspace(turn: Turn, execution: Mutable<Execution>): void {
  const worker = execution.callback ? undefined : workspaceScope(turn, execution.scope)?.workspace?.worker;
  if (worker === undefined) delete execution.worker;
  else execution.worker = worker;
}

/** The nearest scope around (or at) this one that has a shared folder. */
export function workspaceScope(turn: Turn, from: number): (Scope & { readonly workspace: Workspace }) | undefined {
  for (let scope = turn.findScope(from); scope; scope = scope.parent === undefined ? undefined : turn.findScope(scope.parent)) {
    if (scope.workspace) return scope as Scope & { readonly workspace: Workspace };
  }
  return undefined;
}

/** Refuses inputs that no message can carry. */
export function assertInputFits(input: Json): void {
  if (!exceeds(input, MAX_INPUT_BYTES)) return;
  throw new NodeFailed({
    reason: 'expression',
    code: 'input.too-large',
    message: `The task's input is larger than ${MAX_INPUT_BYTES / 1024} KiB. Pass large values by a file or a result the task fetches itself.`,
  });
}
