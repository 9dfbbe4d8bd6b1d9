import { z } from 'zod';
import { Failure } from '../failure.js';
import { AnyJson } from '../json.js';
import { FAILURE_REASONS, SKIP_REASONS, TASK_STATUSES } from '../status.js';
import { ShownWaitReason } from '../wait-reason.js';
import { pageOf, pageQuery } from './paging.js';

const summary = {
  id: z.uuid(),
  nodeId: z.string(),
  /** `callback` runs beside the flow; an `item` tells how an item of a foreach ended, with its outputs as result. */
  kind: z.enum(['node', 'callback', 'item']),
  /** Node type: `task`, `switch`, `group` …, or `item`. */
  type: z.string(),
  /** Task type, for tasks and callbacks. */
  uses: z.string().nullable(),
  /** Where it stands, e.g. `checks/unit/compile`. */
  path: z.string(),
  /** The container's execution, or null at the root. */
  parentId: z.uuid().nullable(),
  /** Counts how often the node was reached in its scope, from 1. */
  visit: z.int(),
  /** Item number inside a foreach. */
  index: z.int().nullable(),
  status: z.enum(TASK_STATUSES),
  reason: z.enum(FAILURE_REASONS).nullable(),
  skipReason: z.enum(SKIP_REASONS).nullable(),
  /** True when the last attempt ended in an error, whatever was made of it. */
  failed: z.boolean(),
  /** Number of the current or last attempt, from 1. */
  attempt: z.int(),
  queue: z.string().nullable(),
  worker: z.string().nullable(),
  error: Failure.nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  /** Why it does not move, when it does not. */
  waitReason: ShownWaitReason.optional(),
};

/** One execution of a node, without its data. */
export const TaskSummary = z.object({ instanceId: z.uuid(), ...summary }).meta({ id: 'TaskSummary' });
/** One execution of a node, without its data. */
export type TaskSummary = z.infer<typeof TaskSummary>;
/** A page of executions of nodes, those of newer runs first. */
export const TaskPage = pageOf('TaskPage', TaskSummary);
/** A page of executions of nodes. */
export type TaskPage = z.infer<typeof TaskPage>;
/** Query of `GET tasks`. */
export const TaskQuery = z.object({
  ...pageQuery,
  instance: z.uuid().optional(),
  process: z.string().max(300).optional().describe('Of runs of this process: its id or `namespace/name`.'),
  uses: z.string().max(200).optional().describe('Of this task type, or of this type of node.'),
  status: z.enum(TASK_STATUSES).optional(),
});
/** Query of `GET tasks`. */
export type TaskQuery = z.infer<typeof TaskQuery>;

/** An attempt that failed and was repeated. */
export const AttemptView = z
  .object({
    attempt: z.int(),
    worker: z.string().nullable(),
    error: Failure,
    result: AnyJson.nullable(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime(),
  })
  .meta({ id: 'Attempt' });
/** An attempt that failed and was repeated. */
export type AttemptView = z.infer<typeof AttemptView>;

/** What a worker said of an attempt that was given up already: kept for people, never applied. */
export const LateResult = z
  .object({
    attempt: z.int(),
    dispatch: z.int(),
    worker: z.string().nullable(),
    at: z.iso.datetime(),
    status: z.enum(['SUCCESS', 'FAILURE']),
    error: Failure.optional(),
    result: AnyJson.optional(),
  })
  .meta({ id: 'LateResult' });
/** What a worker said of an attempt that was given up already. */
export type LateResult = z.infer<typeof LateResult>;

/** One execution of a node. */
export const TaskView = z
  .object({
    instanceId: z.uuid(),
    ...summary,
    /** Operations on this execution that are possible now. */
    allowed: z.array(z.string()),
    /** Attempts before the current one. */
    attempts: z.array(AttemptView),
    /** The execution of an earlier run whose result this is: it was not run here. */
    reusedFrom: z.uuid().optional(),
    /** Arguments, expressions resolved. */
    input: AnyJson.nullable(),
    result: AnyJson.nullable(),
    /** The newest word that came too late, when there is one. */
    lateResult: LateResult.optional(),
  })
  .meta({ id: 'Task' });
/** One execution of a node. */
export type TaskView = z.infer<typeof TaskView>;
