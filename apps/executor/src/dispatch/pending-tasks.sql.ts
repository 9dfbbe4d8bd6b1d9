import type { Json } from '@orderlines/contracts';
import type { Pool } from 'pg';
import type { PendingTask } from './task-message.js';

/** A task to publish, with the version whose compiled process names its node. */
export interface StoredPendingTask extends PendingTask {
  readonly processVersionId: string;
}

interface Row {
  instanceId: string;
  taskInstanceId: string;
  attempt: number;
  dispatch: number;
  queue: string;
  worker: string | null;
  nodeId: string;
  kind: 'node' | 'callback';
  path: string;
  visit: number;
  uses: string;
  input: Json;
  timeoutMs: number;
  heartbeatTimeoutMs: number | null;
  workspace: string | null;
  processVersionId: string;
  number: number;
  process: string;
  version: number;
  namespace: string;
}

/** Reads tasks that are still waiting for a worker. */
export const readPendingTasks = async (
  pool: Pool,
  tasks: readonly { readonly instanceId: string; readonly taskInstanceId: string }[],
  publicUrl: string,
): Promise<StoredPendingTask[]> => {
  const { rows } = await pool.query<Row>({
    name: 'pending-tasks',
    text: `select t.process_instance_id as "instanceId", t.id as "taskInstanceId", t.attempt, t.dispatch, t.queue, t.worker,
        t.node_id as "nodeId", t.kind, t.path, t.visit, t.uses, t.input, t.timeout_ms::float8 as "timeoutMs",
        t.heartbeat_timeout_ms::float8 as "heartbeatTimeoutMs", t.workspace,
        p.process_version_id as "processVersionId", p.number::float8 as number, p.process_name as process, p.process_version as version, p.namespace
      from unnest($1::uuid[], $2::uuid[]) as u (process_instance_id, id)
      join runtime.task_instance t on t.process_instance_id = u.process_instance_id and t.id = u.id and t.status = 'PENDING'
      join runtime.process_instance p on p.id = u.process_instance_id and p.status <> 'PAUSED'`,
    values: [tasks.map((task) => task.instanceId), tasks.map((task) => task.taskInstanceId)],
  });
  return rows.map(({ number, process, version, namespace, ...task }) => ({
    ...task,
    run: { id: task.instanceId, number, process, version, namespace, url: `${publicUrl}/instances/${task.instanceId}` },
  }));
};

/** A task that has been waiting for some time, as the sweeper finds it. */
export interface WaitingTask {
  readonly instanceId: string;
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly dispatch: number;
  readonly namespace: string;
}

/** Queues in which tasks wait for a worker: a loose scan of the index, one probe a queue. */
export const readWaitingQueues = async (pool: Pool): Promise<string[]> => {
  const { rows } = await pool.query<{ queue: string }>({
    name: 'waiting-queues',
    text: `with recursive q (queue) as (
        (select queue from runtime.task_instance where status = 'PENDING' and queue is not null order by queue limit 1)
        union all
        select (select t.queue from runtime.task_instance t where t.status = 'PENDING' and t.queue > q.queue order by t.queue limit 1)
        from q where q.queue is not null
      ) select queue from q where queue is not null`,
  });
  return rows.map(({ queue }) => queue);
};

/** The longest waiting tasks of a queue, those of paused runs left out. */
export const readWaitingTasks = async (pool: Pool, queue: string, olderThanMs: number, limit: number): Promise<WaitingTask[]> => {
  const { rows } = await pool.query<WaitingTask>({
    name: 'waiting-tasks',
    text: `select t.process_instance_id as "instanceId", t.id as "taskInstanceId", t.attempt, t.dispatch, p.namespace
      from runtime.task_instance t join runtime.process_instance p on p.id = t.process_instance_id and p.status <> 'PAUSED'
      where t.status = 'PENDING' and t.queue = $1 and t.ready_at < now() - $2::int * interval '1 millisecond'
      order by t.ready_at limit $3`,
    values: [queue, olderThanMs, limit],
  });
  return rows;
};

/** Slots of the live workers of each queue. */
export const readSlots = async (pool: Pool, leaseMs: number): Promise<Map<string, number>> => {
  const { rows } = await pool.query<{ queue: string; slots: number }>({
    name: 'live-slots',
    text: `select queue, sum(slots)::int as slots from runtime.worker_session, unnest(queues) as queue
      where ended_at is null and seen_at > now() - $1::int * interval '1 millisecond' and not draining group by queue`,
    values: [leaseMs],
  });
  return new Map(rows.map(({ queue, slots }) => [queue, slots]));
};
