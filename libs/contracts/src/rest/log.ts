import { z } from 'zod';
import { PageQuery, Timestamp, pageOf } from './page.js';

/** One line a task wrote. */
export const LogLine = z
  .object({
    taskInstanceId: z.uuid(),
    nodeId: z.string(),
    attempt: z.int(),
    at: Timestamp,
    level: z.enum(['debug', 'info', 'warn', 'error']),
    text: z.string(),
  })
  .meta({ id: 'LogLine' });
/** One line a task wrote. */
export type LogLine = z.infer<typeof LogLine>;

/** Query of a run's log. */
export const LogQuery = PageQuery.extend({
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000),
  /** Lines of this task instance only. */
  task: z.uuid().optional(),
});

/** A page of log lines, oldest first. */
export const LogPage = pageOf(LogLine);
/** A page of log lines, oldest first. */
export type LogPage = z.infer<typeof LogPage>;
