import { documentOf, type Execution, type Scope, type Timer } from './document.js';
import type { Run } from './state.js';

/** Why something in a run does not move, as data; texts are made where they are shown. */
export type WaitReason =
  | { readonly kind: 'queued'; readonly since: number }
  | { readonly kind: 'queued-for-worker'; readonly worker: string; readonly since: number }
  | { readonly kind: 'running'; readonly worker: string; readonly since: number }
  | { readonly kind: 'stopping'; readonly worker: string; readonly until: number }
  | { readonly kind: 'inner-flow' }
  | { readonly kind: 'retry'; readonly at: number }
  | { readonly kind: 'timer'; readonly at: number }
  | { readonly kind: 'paused' }
  | { readonly kind: 'operator' }
  | { readonly kind: 'continuing'; readonly at: number };

/** One thing that has not ended, and what it waits for. */
export interface Waiting {
  /** The task instance, or null for a flow between two nodes. */
  readonly taskInstanceId: string | null;
  readonly nodeId: string | null;
  readonly reason: WaitReason;
}

/** Everything in a run that has not ended, each with its reason: empty exactly when nothing is left to happen. */
export function runWaitReasons(run: Run): readonly Waiting[] {
  const { executions, scopes, timers, paused } = documentOf(run);
  const waiting = Object.values(executions).map((execution) => ({
    taskInstanceId: execution.id,
    nodeId: execution.nodeId,
    reason: reasonOf(execution, timers, paused !== undefined && !execution.callback),
  }));
  const between = Object.values(scopes).filter((scope) => scope.due !== undefined);
  return [...waiting, ...between.map((scope) => betweenNodes(scope, timers, paused !== undefined))];
}

function reasonOf(execution: Execution, timers: Readonly<Record<string, Timer>>, paused: boolean): WaitReason {
  const { status, held, cancelled, worker, session, readyAt = 0, startedAt = 0, deadlineAt = 0, timer } = execution;
  if (held) return { kind: 'operator' };
  if (status === 'PENDING' && paused) return { kind: 'paused' };
  if (status === 'PENDING') return worker ? { kind: 'queued-for-worker', worker, since: readyAt } : { kind: 'queued', since: readyAt };
  const due = timer === undefined ? undefined : timers[timer];
  if (due) return { kind: status === 'RETRY' ? 'retry' : 'timer', at: due.dueAt };
  if (execution.due) return { kind: 'paused' };
  if (session === undefined || worker === undefined) return { kind: 'inner-flow' };
  return cancelled ? { kind: 'stopping', worker, until: deadlineAt } : { kind: 'running', worker, since: startedAt };
}

function betweenNodes(scope: Scope, timers: Readonly<Record<string, Timer>>, paused: boolean): Waiting {
  const nodeId = scope.due && 'node' in scope.due ? scope.due.node : null;
  const next = Object.values(timers).find(({ kind }) => kind === 'continue');
  return { taskInstanceId: null, nodeId, reason: paused || !next ? { kind: 'paused' } : { kind: 'continuing', at: next.dueAt } };
}
