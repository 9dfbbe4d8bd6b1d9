import { z } from 'zod';
import { LOG_LEVELS } from '../log-level.js';
import { pageOf, pageQuery } from './paging.js';

/** One line that a task wrote. */
export const LogLine = z
  .object({
    taskInstanceId: z.uuid(),
    nodeId: z.string(),
    attempt: z.int(),
    at: z.iso.datetime(),
    level: z.enum(LOG_LEVELS),
    text: z.string(),
  })
  .meta({ id: 'LogLine' });
/** One line that a task wrote. */
export type LogLine = z.infer<typeof LogLine>;
/** A page of log lines in the order in which they were stored; a page holds whole chunks and may be a little longer than asked. */
export const LogPage = pageOf('LogPage', LogLine);
/** A page of log lines. */
export type LogPage = z.infer<typeof LogPage>;
/** Query of `GET instances/{id}/logs` and `…/logs/stream`; `task` is a node id or the id of an execution. */
export const LogQuery = z.object({ ...pageQuery, task: z.string().max(64).optional() });
/** Query of `GET instances/{id}/logs`. */
export type LogQuery = z.infer<typeof LogQuery>;
