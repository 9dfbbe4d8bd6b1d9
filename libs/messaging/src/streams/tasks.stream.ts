import type { Json } from '@orderlines/contracts';
import { z } from 'zod';
import { SubjectToken } from '../payload/foreign-json.js';
import { workConsumer, workQueue } from './stream-config.js';

/** Work for workers. A message is a hint: the claim starts the task. Never purged. */
export const TASKS = {
  name: 'TASKS',
  subjects: ['tasks.>'],
  /** Any worker of the queue may take it. */
  anySubject: (queue: string, instanceId: string, taskInstanceId: string) => `tasks.${queue}.any.${instanceId}.${taskInstanceId}`,
  /** Only the worker that holds the run's folder may take it. */
  workerSubject: (queue: string, worker: string, instanceId: string, taskInstanceId: string) =>
    `tasks.${queue}.on.${worker}.${instanceId}.${taskInstanceId}`,
  queueFilter: (queue: string) => `tasks.${queue}.any.>`,
  workerFilter: (queue: string, worker: string) => `tasks.${queue}.on.${worker}.>`,
  queueDurable: (queue: string) => `queue_${queue}`,
  /** `=` stands in neither name: no two pairs share a durable. */
  workerDurable: (queue: string, worker: string) => `worker_${queue}=${worker}`,
  /** Only saves work: what makes copies harmless is the claim. */
  messageId: (taskInstanceId: string, attempt: number, dispatch: number) => `${taskInstanceId}.${attempt}.${dispatch}`,
} as const;

/** The stream as the server keeps it. */
export const TASKS_CONFIG = workQueue(TASKS.name, TASKS.subjects);

/** Messages for any worker of a queue; `ack_wait` only lasts until the claim. */
export const queueConsumer = (queue: string) =>
  workConsumer({
    durable: TASKS.queueDurable(SubjectToken.parse(queue)),
    filter: TASKS.queueFilter(queue),
    ackWaitMs: 30_000,
    maxAckPending: -1,
  });

/** Messages for the one worker that holds a run's folder. */
export const workerConsumer = (queue: string, worker: string) =>
  workConsumer({
    durable: TASKS.workerDurable(SubjectToken.parse(queue), SubjectToken.parse(worker)),
    filter: TASKS.workerFilter(queue, worker),
    ackWaitMs: 30_000,
    maxAckPending: -1,
  });

/** What a worker is told about a task before it claims it. Durations in milliseconds. */
export const TaskMessage = z.object({
  format: z.literal(1),
  instanceId: z.uuid(),
  taskInstanceId: z.uuid(),
  attempt: z.int().positive(),
  dispatch: z.int().positive(),
  queue: SubjectToken,
  /** Task type, `name` or `name@version`. */
  uses: z.string(),
  /** Resolved arguments, checked against the task type's schema by the worker; what is large in them stands as a `LargeValue`. */
  input: z.custom<Json>((value) => value !== undefined),
  timeoutMs: z.int().positive(),
  graceMs: z.int().positive(),
  /** Without a log line or a sign of life for this long the worker ends it with reason `timeout.heartbeat`. */
  heartbeatTimeoutMs: z.int().positive().optional(),
  /** Shared folder of the run (`workspace: run`): its name; absent: a folder of its own. */
  workspace: z.string().optional(),
  /** Files of its folder to keep when it has succeeded: patterns. */
  collect: z.array(z.string()).optional(),
  node: z.object({ id: z.string(), name: z.string(), path: z.string(), visit: z.int() }),
  run: z.object({
    id: z.uuid(),
    number: z.int(),
    process: z.string(),
    version: z.int(),
    namespace: z.string(),
    url: z.string(),
  }),
  /** Subject prefix for what the worker says about it: `<runs>.<kind>` is published to RUNS. */
  runs: z.string(),
});
/** What a worker is told about a task before it claims it. */
export type TaskMessage = z.infer<typeof TaskMessage>;
