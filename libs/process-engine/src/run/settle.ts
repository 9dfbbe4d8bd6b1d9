import type { Failure, Json, JsonObject, SkipReason } from '@orderlines/contracts';
import type { CompiledNode, CompiledRetry } from '../definition/compiled.js';
import { beginNextAttempt } from './attempts.js';
import { isContainer } from './containers.js';
import { type Due, type Execution, type Mutable, ROOT } from './document.js';
import { FAILED_BY_HAND } from './limits.js';
import { attempted } from './node-failed.js';
import { containerResult, remember } from './outcomes.js';
import { pathOf } from './paths.js';
import { CALLBACK_RETRY, callBackForNode, eventRoot } from './policy/callbacks.js';
import { retryDelay } from './policy/retry.js';
import { isHeldBack } from './queueing.js';
import type { RowDetail } from './rows.js';
import { dueAfter, release } from './token.js';
import type { Turn } from './turn.js';
import { writeVariables } from './variables.js';
import { timestamp, waitFor } from './waiting.js';

/** What a worker reported beside the outcome itself. */
export interface Report {
  readonly result?: Json;
  readonly logChunks?: number;
  readonly variables?: JsonObject;
}

/** The node has done its work: variables are written, the token goes on (to `due`, if the node chose it). */
export function succeed(turn: Turn, execution: Mutable<Execution>, report: Report, due?: Due): void {
  if (execution.callback) return end(turn, execution, 'SUCCESS', detailOf(report));
  const node = turn.node(execution.nodeId);
  const written = attempted(() => writeVariables(turn, execution, node, () => resultFor(turn, node, execution, report), report.variables));
  if ('failure' in written) return fail(turn, execution, written.failure, report);
  end(turn, execution, 'SUCCESS', detailOf(report));
  release(turn, execution, due ?? dueAfter(node));
}

/**
 * An operator says that the node has done its work.
 * @throws NodeFailed when what the node sets cannot be written with this result.
 */
export function succeedByHand(turn: Turn, execution: Mutable<Execution>, result: Json, due?: Due): void {
  const node = turn.node(execution.nodeId);
  writeVariables(turn, execution, node, () => result);
  end(turn, execution, 'SUCCESS', { result });
  release(turn, execution, due ?? dueAfter(node));
}

/** What `set` sees as `result`: of a container without `outputs`, what its nodes gave. */
const resultFor = (turn: Turn, node: CompiledNode, execution: Execution, { result }: Report): Json =>
  result === undefined && isContainer(node) ? containerResult(turn, execution) : (result ?? null);

/** The node is passed over; the flow goes on. */
export function skip(turn: Turn, execution: Mutable<Execution>, skipReason: SkipReason): void {
  end(turn, execution, 'SKIP', { skipReason });
  release(turn, execution, dueAfter(turn.node(execution.nodeId)), skipReason);
}

/** The node was ended from outside. */
export function stop(turn: Turn, execution: Mutable<Execution>, failure: Failure, report: Report = {}): void {
  end(turn, execution, 'STOP', detailOf(report), failure);
  if (!execution.callback) release(turn, execution, { end: { status: 'STOP', failure } });
}

/** An attempt failed: it is repeated if its retry matches, else the node's `onError` decides. */
export function fail(turn: Turn, execution: Mutable<Execution>, failure: Failure, report: Report = {}): void {
  execution.failed = true;
  execution.reason = failure.reason;
  // The chunks of a repeated attempt are told by its own row.
  turn.detail(execution.id, { ...detailOf({ ...(report.result !== undefined && { result: report.result }) }), error: failure });
  if (turn.findScope(execution.scope)?.closing && !execution.callback) return giveUp(turn, execution, failure, report);
  const delay = attempted(() => delayBeforeRepeat(turn, execution, failure));
  if ('failure' in delay) return applyOnError(turn, execution, delay.failure, report);
  if (delay.value === undefined) return applyOnError(turn, execution, failure, report);
  repeat(turn, execution, failure, report, delay.value);
}

/** The node failed for good, whatever its strategies say, and its scope with it unless the node itself says what is due. */
export function giveUp(turn: Turn, execution: Mutable<Execution>, failure: Failure, report: Report = {}, due?: Due): void {
  end(turn, execution, 'FAILURE', detailOf(report), failure);
  if (due) release(turn, execution, due);
  else failScope(turn, execution, failure);
}

/** A failed node that was held fails its scope after all. */
export function raise(turn: Turn, execution: Mutable<Execution>, failure: Failure): void {
  delete execution.waitsFor;
  turn.removeExecution(execution.id);
  failScope(turn, execution, located(turn, turn.node(execution.nodeId), execution, failure));
}

function failScope(turn: Turn, execution: Execution, failure: Failure): void {
  const scope = turn.scope(execution.scope);
  if (scope.id === ROOT && scope.section !== 'teardown' && !scope.graph)
    scope.raised = { section: scope.section, execution: { ...execution } };
  release(turn, execution, { end: { status: 'FAILURE', failure } });
}

function delayBeforeRepeat(turn: Turn, execution: Execution, failure: Failure): number | undefined {
  if (execution.callback) {
    const delay = retryDelay(turn, CALLBACK_RETRY, execution, failure, {});
    return delay !== undefined && turn.now + delay < execution.callback.expiresAt ? delay : undefined;
  }
  if (failure.code === FAILED_BY_HAND) return undefined;
  remember(turn, { ...execution, status: 'RETRY' });
  const node = turn.node(execution.nodeId);
  return retryDelay(turn, retryOf(turn, node), execution, failure, eventRoot(node.id, node.name, 'RETRY', execution.attempt, failure));
}

/** A task that says nothing about failures is repeated as the system parameters say. */
const retryOf = (turn: Turn, node: CompiledNode): CompiledRetry | undefined =>
  node.retry ?? (node.type === 'task' && node.onError === undefined ? turn.context.settings.taskRetry : undefined);

function repeat(turn: Turn, execution: Mutable<Execution>, failure: Failure, report: Report, delay: number): void {
  const { now } = turn;
  turn.attempts.push({
    taskInstanceId: execution.id,
    attempt: execution.attempt,
    worker: execution.worker ?? null,
    startedAt: execution.startedAt ?? null,
    finishedAt: now,
    failure,
    ...(report.result !== undefined && { result: report.result }),
    ...(report.logChunks !== undefined && { logChunks: report.logChunks }),
  });
  leaveAttempt(execution);
  if (!execution.callback) callBackForNode(turn, execution, failure);
  turn.tell(execution, pathOf(turn, execution), failure);
  repeatAfter(turn, execution, delay);
}

/** Lets an execution whose last attempt is over wait for the next; at once, unless a pause holds it back. */
export function repeatAfter(turn: Turn, execution: Mutable<Execution>, delay: number): void {
  if (delay === 0 && !isHeldBack(turn, execution)) return beginNextAttempt(turn, execution);
  const dueAt = turn.now + delay;
  execution.timer = turn.timers.set({ kind: 'retry', execution: execution.id, dueAt });
  waitFor(turn, execution, { kind: 'retry', until: timestamp(dueAt) });
}

/** Takes what belongs to an attempt off its execution. */
export function leaveAttempt(execution: Mutable<Execution>): void {
  execution.status = 'RETRY';
  delete execution.session;
  delete execution.token;
  delete execution.deadlineAt;
  delete execution.cancelled;
  delete execution.losses;
  delete execution.timeLeft;
}

function applyOnError(turn: Turn, execution: Mutable<Execution>, failure: Failure, report: Report): void {
  if (execution.callback) return end(turn, execution, 'FAILURE', detailOf(report), failure);
  const node = turn.node(execution.nodeId);
  const onError = node.onError ?? (node.type === 'task' ? turn.context.settings.taskOnError : 'raise');
  if (onError === 'hold') return hold(turn, execution, failure, report);
  if (onError === 'ignore') {
    end(turn, execution, 'SKIP', { ...detailOf(report), skipReason: 'ignored' }, failure);
    return release(turn, execution, dueAfter(node));
  }
  const raised = located(turn, node, execution, failure);
  end(turn, execution, 'FAILURE', detailOf(report), failure);
  if (onError === 'raise') return failScope(turn, execution, raised);
  release(turn, execution, { node: onError.goto });
}

/** The failure as its scope reports it: it says where it happened, once. */
function located(turn: Turn, node: CompiledNode, execution: Execution, failure: Failure): Failure {
  return isContainer(node) ? failure : { ...failure, message: `${pathOf(turn, execution)}: ${failure.message}` };
}

/** The node stays FAILURE and its scope waits for an operator. */
function hold(turn: Turn, execution: Mutable<Execution>, failure: Failure, report: Report): void {
  conclude(turn, execution, 'FAILURE', detailOf(report), failure);
  waitFor(turn, execution, { kind: 'operator' });
}

function end(turn: Turn, execution: Mutable<Execution>, status: Ended, detail: RowDetail, failure?: Failure): void {
  conclude(turn, execution, status, detail, failure);
  turn.removeExecution(execution.id);
}

type Ended = 'SUCCESS' | 'FAILURE' | 'SKIP' | 'STOP';

function conclude(turn: Turn, execution: Mutable<Execution>, status: Ended, detail: RowDetail, failure?: Failure): void {
  execution.status = status;
  execution.failed = failure !== undefined && status !== 'STOP';
  if (failure) execution.reason = failure.reason;
  else delete execution.reason;
  delete execution.deadlineAt;
  delete execution.waitsFor;
  if (execution.timer !== undefined) {
    turn.timers.clear(execution.timer);
    delete execution.timer;
  }
  // The answers given so far stay to be read.
  const noResult = execution.approval ? {} : { result: null };
  turn.detail(execution.id, { ...noResult, ...detail, error: failure ?? null, finishedAt: turn.now });
  turn.tell(execution, pathOf(turn, execution), failure);
  if (execution.callback) return;
  remember(turn, execution);
  callBackForNode(turn, execution, failure);
}

const detailOf = ({ result, logChunks }: Report): RowDetail => ({
  ...(result !== undefined && { result }),
  ...(logChunks !== undefined && { logChunks }),
});
