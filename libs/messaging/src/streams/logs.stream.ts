import { z } from 'zod';

/** Log chunks on their way to the log sink; a full task slows only itself. */
export const LOGS = {
  name: 'LOGS',
  subjects: ['logs.>'],
  durable: 'log-sink',
  subject: (instanceId: string, taskInstanceId: string) => `logs.${instanceId}.${taskInstanceId}`,
  /** Unsaved chunks a task may have in the stream. */
  maxChunksPerTask: 64,
} as const;

/** Levels of a log line. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Consecutive lines of one attempt. Key: run, task, attempt, chunk. */
export const LogChunkMessage = z.object({
  format: z.literal(1),
  instanceId: z.uuid(),
  taskInstanceId: z.uuid(),
  attempt: z.int().positive(),
  /** Numbered per attempt from 0. */
  chunk: z.int().nonnegative(),
  lines: z.array(z.object({ at: z.number(), level: z.enum(LOG_LEVELS), text: z.string() })),
});
/** Consecutive lines of one attempt. */
export type LogChunkMessage = z.infer<typeof LogChunkMessage>;
