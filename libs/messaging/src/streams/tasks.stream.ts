import type { Json } from '@orderlines/contracts';
import { z } from 'zod';
import { SubjectToken } from '../payload/foreign-json.js';
import { onePerSubject, workConsumer, workQueue } from './stream-config.js';

/** One dispatch of an attempt. */
export type DispatchedTask = Pick<TaskMessage, 'instanceId' | 'taskInstanceId' | 'attempt' | 'dispatch'>;

const tokensOf = ({ instanceId, taskInstanceId, attempt, dispatch }: DispatchedTask): string =>
  `${instanceId}.${taskInstanceId}.${attempt}.${dispatch}`;

/** Work for workers. A message is a hint: the claim starts the task. Never purged. */
export const TASKS = {
  name: 'TASKS',
  subjects: ['tasks.>'],
  /** Any worker of the queue may take it. */
  anySubject: (queue: string, task: DispatchedTask) => `tasks.${queue}.any.${tokensOf(task)}`,
  /** Only the worker that holds the run's folder may take it. */
  workerSubject: (queue: string, worker: string, task: DispatchedTask) => `tasks.${queue}.on.${worker}.${tokensOf(task)}`,
  queueFilter: (queue: string) => `tasks.${queue}.any.>`,
  workerFilter: (queue: string, worker: string) => `tasks.${queue}.on.${worker}.>`,
  queueDurable: (queue: string) => `queue_${queue}`,
  /** `=` stands in neither name: no two pairs share a durable. */
  workerDurable: (queue: string, worker: string) => `worker_${queue}=${worker}`,
} as const;

/**
 * One message a subject, and a subject for each dispatch: a copy of what waits already is refused with `nats.subject-full`, what was taken
 * out can be put in again. (The server's window of message ids does neither: it remembers what is gone, and forgets what waits.)
 */
export const TASKS_CONFIG = onePerSubject(workQueue(TASKS.name, TASKS.subjects));

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
