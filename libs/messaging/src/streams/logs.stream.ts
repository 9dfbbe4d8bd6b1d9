import { LOG_LEVELS } from '@orderlines/contracts';
import { z } from 'zod';
import { ForeignText } from '../payload/foreign-json.js';
import { workConsumer, workQueue } from './stream-config.js';

/** Log chunks on their way to the log sink; a full task slows only itself. */
export const LOGS = {
  name: 'LOGS',
  subjects: ['logs.>'],
  durable: 'log-sink',
  subject: (instanceId: string, taskInstanceId: string) => `logs.${instanceId}.${taskInstanceId}`,
  /** Unsaved chunks a task may have in the stream. */
  maxChunksPerTask: 64,
} as const;

/** A chunk too many of one task is refused with `nats.subject-full`: the task waits, the others do not. */
export const LOGS_CONFIG = {
  ...workQueue(LOGS.name, LOGS.subjects),
  max_msgs_per_subject: LOGS.maxChunksPerTask,
  discard_new_per_subject: true,
};

/** For all log sinks. */
export const LOGS_CONSUMER = workConsumer({ durable: LOGS.durable, ackWaitMs: 30_000, maxAckPending: 5_000 });

/** Consecutive lines of one attempt. Key: run, task, attempt, chunk. */
export const LogChunkMessage = z.object({
  format: z.literal(1),
  instanceId: z.uuid(),
  taskInstanceId: z.uuid(),
  attempt: z.int().positive(),
  /** Ascending per attempt from 0; the n-th dispatch of an attempt begins at (n - 1) * 1,000,000. */
  chunk: z.int().nonnegative(),
  lines: z.array(z.object({ at: z.number(), level: z.enum(LOG_LEVELS), text: ForeignText })),
});
/** Consecutive lines of one attempt. */
export type LogChunkMessage = z.infer<typeof LogChunkMessage>;
