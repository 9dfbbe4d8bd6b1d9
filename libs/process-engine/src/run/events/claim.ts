import { markRunning, redeliverInWorkspace } from '../attempts.js';
import { type Execution, type Mutable, ROOT } from '../document.js';
import type { ClaimAnswer, ClaimEvent } from '../event.js';
import { pathOf } from '../paths.js';
import { backstopOf } from '../policy/timeouts.js';
import { isHeldBack, workspaceScope } from '../queueing.js';
import type { Turn } from '../turn.js';

/** Grants or refuses the start of an attempt. The same session asking again gets the same answer. */
export function claim(turn: Turn, event: ClaimEvent): void {
  const execution = turn.findExecution(event.taskInstanceId);
  const refusal = refusalOf(turn, execution, event);
  if (refusal) turn.answer = { granted: false, refusal };
  if (refusal || !execution || execution.status === 'RUNNING') {
    turn.changed = false;
    if (!refusal && execution) turn.answer = granted(turn, execution);
    return;
  }
  turn.answer = granted(turn, grant(turn, turn.execution(event.taskInstanceId), event));
}

function refusalOf(turn: Turn, execution: Execution | undefined, event: ClaimEvent): string | undefined {
  if (!execution) return isStopped(turn) ? 'stopped' : 'superseded';
  if (execution.attempt !== event.attempt || execution.dispatch !== event.dispatch) return 'superseded';
  if (execution.cancelled) return 'stopped';
  if (execution.status === 'RUNNING') return execution.session === event.session ? undefined : 'taken';
  if (execution.status !== 'PENDING') return 'superseded';
  if (isHeldBack(turn, execution)) return 'paused';
  if (execution.worker !== undefined && execution.worker !== event.worker) return 'elsewhere';
  return isOfQueue(turn, execution, event.queue) ? undefined : 'elsewhere';
}

function isOfQueue(turn: Turn, { callback, nodeId }: Execution, queue: string | undefined): boolean {
  if (queue === undefined) return true;
  if (callback) return callback.queue === undefined || callback.queue === queue;
  const node = turn.node(nodeId);
  return node.type !== 'task' || node.queue === queue;
}

function isStopped(turn: Turn): boolean {
  const root = turn.findScope(ROOT);
  return turn.run.status === 'STOP' || root?.closing !== undefined || root?.ending?.status === 'STOP';
}

function grant(turn: Turn, execution: Mutable<Execution>, event: ClaimEvent): Execution {
  markRunning(turn, execution);
  execution.worker = event.worker;
  execution.session = event.session;
  execution.token = turn.context.newToken();
  execution.idempotent = (execution.callback ? undefined : nodeSays(turn, execution)) ?? event.idempotent;
  execution.deadlineAt = backstopOf(turn, execution);
  turn.tell(execution, pathOf(turn, execution));
  if (!execution.callback) bindWorkspace(turn, execution, event.worker);
  return execution;
}

function nodeSays(turn: Turn, { nodeId }: Execution): boolean | undefined {
  const node = turn.node(nodeId);
  return node.type === 'task' ? node.idempotent : undefined;
}

/** The first claim in a shared folder decides whose it is; what is queued for anybody goes to that worker instead. */
function bindWorkspace(turn: Turn, claimed: Execution, worker: string): void {
  const found = workspaceScope(turn, claimed.scope);
  if (!found || found.workspace.worker !== undefined) return;
  turn.scope(found.id).workspace = { ...found.workspace, worker };
  redeliverInWorkspace(turn, found.id);
}

function granted(turn: Turn, execution: Execution): ClaimAnswer {
  return { granted: true, token: execution.token ?? '', params: turn.constants.params, variables: turn.run.variables };
}
