import type { Json } from '@orderlines/contracts';
import { RUNS, TASKS, type OutgoingMessage, type TaskMessage } from '@orderlines/messaging';
import type { CompiledProcess } from '@orderlines/process-engine';

/** A task instance that waits for a worker, as its rows say. */
export interface PendingTask {
  readonly instanceId: string;
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly dispatch: number;
  readonly queue: string;
  /** The only worker that may take it (`workspace: run`), or null. */
  readonly worker: string | null;
  readonly nodeId: string;
  /** A callback has the id of its node, and nothing else of it. */
  readonly kind: 'node' | 'callback';
  readonly path: string;
  readonly visit: number;
  readonly uses: string;
  readonly input: Json;
  readonly timeoutMs: number;
  readonly heartbeatTimeoutMs: number | null;
  readonly workspace: string | null;
  readonly run: TaskMessage['run'];
}

/** What is published to TASKS. */
export interface OutgoingTask extends OutgoingMessage {
  readonly payload: TaskMessage;
}

/** The message that tells workers about a task. */
export const outgoingTask = (task: PendingTask, process: CompiledProcess, graceMs: number): OutgoingTask => {
  const { instanceId, taskInstanceId, attempt, dispatch, queue, worker } = task;
  const node = process.nodes.get(task.nodeId);
  const own = task.kind === 'node' && node?.type === 'task' ? node : undefined;
  const message: TaskMessage = {
    format: 1,
    instanceId,
    taskInstanceId,
    attempt,
    dispatch,
    queue,
    uses: task.uses,
    input: task.input,
    timeoutMs: task.timeoutMs,
    graceMs,
    heartbeatTimeoutMs: task.heartbeatTimeoutMs ?? undefined,
    workspace: task.workspace ?? undefined,
    collect: own?.collect === undefined ? undefined : [...own.collect],
    node: { id: task.nodeId, name: node?.name ?? task.nodeId, path: task.path, visit: task.visit },
    run: task.run,
    runs: RUNS.prefix(RUNS.shardOf(instanceId), queue, instanceId, taskInstanceId, dispatch),
  };
  return {
    subject: worker === null ? TASKS.anySubject(queue, task) : TASKS.workerSubject(queue, worker, task),
    payload: message,
  };
};
