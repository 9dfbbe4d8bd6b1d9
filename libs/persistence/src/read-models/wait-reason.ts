import type { TaskStatus } from '@orderlines/contracts';

/** What the reason to wait depends on. */
export interface WaitingTask {
  readonly status: TaskStatus;
  readonly instance_status: string;
  readonly queue: string | null;
  readonly worker: string | null;
  readonly ready_at: Date | null;
  readonly due_at: Date | null;
  /** True: a worker that could take it has given a sign of life in the last 30 s. */
  readonly has_worker: boolean;
}

/** Why an execution does not move, or undefined when it does or is over. */
export const waitReason = (task: WaitingTask): string | undefined => {
  switch (task.status) {
    case 'PENDING':
      return pendingReason(task);
    case 'RETRY':
      return task.due_at ? `retry at ${task.due_at.toISOString()}` : 'waits for its retry';
    case 'WAITING':
      return task.due_at ? `waits until ${task.due_at.toISOString()}` : 'waits for an event';
    default:
      return undefined;
  }
};

const pendingReason = ({ instance_status, queue, worker, has_worker, ready_at }: WaitingTask): string => {
  if (instance_status === 'PAUSED') return 'the run is paused';
  if (queue === null) return 'its turn comes with the next step of the run';
  if (has_worker) return `in queue "${queue}" since ${ready_at?.toISOString() ?? 'a moment ago'}`;
  return worker === null ? `no live worker on queue "${queue}"` : `waits for worker "${worker}", which holds the folder`;
};
