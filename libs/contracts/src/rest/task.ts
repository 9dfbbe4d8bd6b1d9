import { z } from 'zod';
import { FAILURE_REASONS, SKIP_REASONS, TASK_STATUSES } from '../status.js';
import { PageQuery, Timestamp, pageOf } from './page.js';

const ErrorView = z.looseObject({ reason: z.string(), message: z.string() });

/** An attempt that failed and was repeated. */
export const AttemptView = z
  .object({
    attempt: z.int(),
    worker: z.string().nullable(),
    error: ErrorView,
    result: z.unknown(),
    startedAt: Timestamp.nullable(),
    finishedAt: Timestamp,
  })
  .meta({ id: 'Attempt' });

/** One execution of one node. */
export const TaskView = z
  .object({
    id: z.uuid(),
    nodeId: z.string(),
    kind: z.enum(['node', 'callback']),
    type: z.string(),
    uses: z.string().nullable(),
    path: z.string(),
    visit: z.int(),
    /** Item number inside a foreach. */
    index: z.int().nullable(),
    status: z.enum(TASK_STATUSES),
    reason: z.enum(FAILURE_REASONS).nullable(),
    skipReason: z.enum(SKIP_REASONS).nullable(),
    failed: z.boolean(),
    /** Number of the newest attempt. */
    attempt: z.int(),
    /** The attempts before it. */
    attempts: z.array(AttemptView),
    queue: z.string().nullable(),
    worker: z.string().nullable(),
    input: z.unknown(),
    result: z.unknown(),
    error: ErrorView.nullable(),
    createdAt: Timestamp,
    startedAt: Timestamp.nullable(),
    finishedAt: Timestamp.nullable(),
    /** Why it does not move, while it has not ended. */
    waitReason: z.string().nullable(),
  })
  .meta({ id: 'Task' });
/** One execution of one node. */
export type TaskView = z.infer<typeof TaskView>;

/** An execution in the list over all runs. */
export const TaskSummary = TaskView.omit({ attempts: true, input: true, result: true, waitReason: true })
  .extend({ instanceId: z.uuid() })
  .meta({ id: 'TaskSummary' });
/** An execution in the list over all runs. */
export type TaskSummary = z.infer<typeof TaskSummary>;

/** Query of the list of executions. */
export const TaskQuery = PageQuery.extend({ instance: z.uuid().optional(), status: z.enum(TASK_STATUSES).optional() });

/** A page of executions. */
export const TaskPage = pageOf(TaskSummary);
