import { z } from 'zod';
import { Failure } from '../failure.js';
import { DEBUG_STOPS, RUN_MODES } from '../debug.js';
import { AnyJson, AnyJsonObject } from '../json.js';
import { FAILURE_REASONS, PHASES, PROCESS_STATUSES } from '../status.js';
import { pageOf, pageQuery } from './paging.js';
import { TaskView } from './task.js';

/** What runs come from: a person, a program, a schedule in time or made up for later, a trigger, an earlier run, or a run above. */
export const ORIGINS = ['manual', 'api', 'schedule', 'backfill', 'webhook', 'event', 'rerun', 'parent'] as const;
/** What a run comes from. */
export type Origin = (typeof ORIGINS)[number];

/** Body of `POST instances`. */
export const StartInstanceBody = z
  .strictObject({
    /** Id of the process, `namespace/name`, each with `@version` if not the latest; or the `process_id` of an imported file. */
    process: z.string().min(1).max(300),
    params: AnyJsonObject.default({}),
    origin: z.enum(ORIGINS).default('api'),
    mode: z.enum(RUN_MODES).default('run').describe('`debug`: the run stops for a person, see `POST instances/{id}/debug`.'),
    stops: z.enum(DEBUG_STOPS).default('all').describe('Where a debugged run stops: before every node, or only at breakpoints.'),
    /** Check and resolve only: answers with the plan, nothing is stored or run. */
    dry: z.boolean().default(false),
  })
  .meta({ id: 'StartInstance' });
/** Body of `POST instances`. */
export type StartInstanceBody = z.infer<typeof StartInstanceBody>;

/** A run that was started. */
export const InstanceStarted = z
  .object({ id: z.uuid(), number: z.int(), status: z.enum(PROCESS_STATUSES) })
  .meta({ id: 'InstanceStarted' });
/** A run that was started. */
export type InstanceStarted = z.infer<typeof InstanceStarted>;

/** A step of a plan. */
export const PlannedStep = z
  .object({
    nodeId: z.string(),
    name: z.string(),
    type: z.string(),
    uses: z.string().nullable(),
    /** Key of the flow the step stands in: `setup`, `flow`, `teardown`, `checks/branches/unit` … */
    flow: z.string(),
    queue: z.string().nullable(),
    /** Arguments with everything resolved that is known before the run; the rest as it is written. */
    input: AnyJson.nullable(),
    /** The node that follows, or null at the end of its flow. */
    next: z.string().nullable(),
  })
  .meta({ id: 'PlannedStep' });
/** A step of a plan. */
export type PlannedStep = z.infer<typeof PlannedStep>;

/** What a start would do. */
export const StartPlan = z
  .object({
    process: z.object({ id: z.uuid(), namespace: z.string(), name: z.string(), version: z.int() }),
    /** Params as the run would see them: converted, defaults filled in. */
    params: AnyJsonObject,
    /** Variables as they would begin. */
    variables: AnyJsonObject,
    steps: z.array(PlannedStep),
  })
  .meta({ id: 'StartPlan' });
/** What a start would do. */
export type StartPlan = z.infer<typeof StartPlan>;

const summary = {
  id: z.uuid(),
  /** Counts the runs of the process. */
  number: z.int(),
  processId: z.uuid(),
  /** Name of the process when the run was started. */
  process: z.string(),
  version: z.int(),
  namespace: z.string(),
  status: z.enum(PROCESS_STATUSES),
  phase: z.enum(PHASES),
  reason: z.enum(FAILURE_REASONS).nullable(),
  startedBy: z.string(),
  origin: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
};

/** A run in a list. */
export const InstanceSummary = z.object(summary).meta({ id: 'InstanceSummary' });
/** A run in a list. */
export type InstanceSummary = z.infer<typeof InstanceSummary>;
/** A page of runs. */
export const InstancePage = pageOf('InstancePage', InstanceSummary);
/** A page of runs. */
export type InstancePage = z.infer<typeof InstancePage>;
/** Orders of a list of runs: by their start, or by their end, which shows only those that have ended. A `-` puts the latest first. */
export const INSTANCE_SORTS = ['created', '-created', 'finished', '-finished'] as const;
/** An order of a list of runs. */
export type InstanceSort = (typeof INSTANCE_SORTS)[number];

const moment = z.iso.datetime({ offset: true });

/** Query of `GET instances`; `process` as in the start of a run, without a version. */
export const InstanceQuery = z.object({
  ...pageQuery,
  process: z.string().max(300).optional(),
  namespace: z.string().max(64).optional(),
  status: z.enum(PROCESS_STATUSES).optional(),
  origin: z.enum(ORIGINS).optional(),
  startedBy: z.string().max(300).optional().describe('User name, or `schedule:<namespace>/<name>`, `trigger:<namespace>/<name>`.'),
  label: z.string().min(1).max(320).optional().describe('`key` or `key=value`: a label that the process has now.'),
  waiting: z
    .stringbool()
    .optional()
    .describe('True: a person has to answer an approval, or decide about a node that is held or stopped at.'),
  since: moment.optional().describe('Started then or later.'),
  until: moment.optional().describe('Started before.'),
  sort: z.enum(INSTANCE_SORTS).default('-created'),
});
/** Query of `GET instances`. */
export type InstanceQuery = z.infer<typeof InstanceQuery>;

/** A run that a `process` node of another one has started. */
export const ChildRun = z
  .object({ ...summary, taskId: z.uuid().describe('The execution of the node that started it.') })
  .meta({ id: 'ChildInstance' });
/** A run that a `process` node of another one has started. */
export type ChildRun = z.infer<typeof ChildRun>;

/** A run with every execution of its nodes, in the order in which they came to be. */
export const InstanceDetail = z
  .object({
    ...summary,
    error: Failure.nullable(),
    params: AnyJsonObject,
    variables: AnyJsonObject,
    outputs: AnyJsonObject.nullable(),
    /** Operations on the run that are possible now. */
    allowed: z.array(z.string()),
    tasks: z.array(TaskView),
    /** The run and the execution of its node that started this one. */
    parent: z.object({ id: z.uuid(), taskId: z.uuid() }).nullable(),
    /** Runs that nodes of this one have started, the oldest first; 1,000 at most. */
    children: z.array(ChildRun),
  })
  .meta({ id: 'Instance' });
/** A run with every execution of its nodes. */
export type InstanceDetail = z.infer<typeof InstanceDetail>;

/** Body of `POST instances/{id}/stop`. */
export const StopBody = z
  .strictObject({
    force: z.boolean().default(false),
    stopSchedule: z.boolean().default(false).describe('Pauses the schedule that started the run, or else all of its process.'),
  })
  .meta({ id: 'Stop' });
/** Body of `POST instances/{id}/stop`. */
export type StopBody = z.infer<typeof StopBody>;
/** Body of `POST instances/{id}/pause`. */
export const PauseBody = z
  .strictObject({
    stopSchedule: z.boolean().default(false).describe('Pauses the schedule that started the run, or else all of its process.'),
  })
  .meta({ id: 'Pause' });
/** Body of `POST instances/{id}/pause`. */
export type PauseBody = z.infer<typeof PauseBody>;
/** Body of `POST instances/{id}/resume`. */
export const ResumeBody = z
  .strictObject({ recoverSchedule: z.boolean().default(false).describe('Resumes what `stopSchedule` paused.') })
  .meta({ id: 'Resume' });
/** Body of `POST instances/{id}/resume`. */
export type ResumeBody = z.infer<typeof ResumeBody>;
/** Body of operations that need to know nothing. */
export const EmptyBody = z.strictObject({}).meta({ id: 'Empty' });
/** Body of `POST instances/{id}/restart`. */
export const RestartBody = z.strictObject({ version: z.enum(['same', 'latest']).default('same') }).meta({ id: 'Restart' });
/** Body of `POST instances/{id}/restart`. */
export type RestartBody = z.infer<typeof RestartBody>;

/** Body of `POST instances/{id}/rerun`. */
export const RerunBody = z
  .strictObject({
    /** The node to begin at: one of the flow; one inside a container takes the container with it. */
    from: z.string().min(1).max(200),
    version: z.enum(['same', 'latest']).default('same'),
  })
  .meta({ id: 'Rerun' });
/** Body of `POST instances/{id}/rerun`. */
export type RerunBody = z.infer<typeof RerunBody>;

/** An operation that was accepted. */
export const OperationDone = z
  .object({
    status: z.enum(PROCESS_STATUSES),
    /** Ids of executions that still run. */
    runningTasks: z.array(z.uuid()),
    schedules: z.array(z.string()).optional().describe('Schedules that were paused or resumed with the run.'),
  })
  .meta({ id: 'OperationDone' });
/** An operation that was accepted. */
export type OperationDone = z.infer<typeof OperationDone>;

/** Data of an SSE event `facts`; `seq` is its id, gapless in a run. */
export const InstanceEvent = z.object({ seq: z.int(), at: z.iso.datetime(), facts: z.array(AnyJson) }).meta({ id: 'InstanceEvent' });
/** Data of an SSE event `facts`. */
export type InstanceEvent = z.infer<typeof InstanceEvent>;
