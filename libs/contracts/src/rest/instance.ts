import { z } from 'zod';
import { FAILURE_REASONS, PHASES, PROCESS_STATUSES } from '../status.js';
import { PageQuery, Timestamp, pageOf } from './page.js';
import { TaskView } from './task.js';

/** Starts a run. */
export const StartInstanceBody = z
  .strictObject({
    /** Id, `namespace/name`, either with `@version`, or the `process_id` of an imported file. */
    process: z.string().min(1).max(500),
    params: z.record(z.string(), z.unknown()).default({}),
    /** What started it. */
    origin: z.enum(['manual', 'cli', 'grpc', 'schedule', 'event', 'webhook']).default('manual'),
    /** Check and resolve the inputs and answer with the plan; nothing is stored or run. */
    dry: z.boolean().default(false),
  })
  .meta({ id: 'StartInstance' });

/** A run that was made. */
export const InstanceStarted = z
  .object({ id: z.uuid(), number: z.int(), status: z.enum(PROCESS_STATUSES), repeated: z.boolean() })
  .meta({ id: 'InstanceStarted' });
/** A run that was made. */
export type InstanceStarted = z.infer<typeof InstanceStarted>;

/** What a start would do: the version, the resolved params and variables, and the nodes in the order of the definition. */
export const StartPlan = z
  .object({
    process: z.string(),
    namespace: z.string(),
    version: z.int(),
    params: z.record(z.string(), z.unknown()),
    variables: z.record(z.string(), z.unknown()),
    nodes: z.array(z.object({ id: z.string(), name: z.string(), type: z.string(), uses: z.string().nullable(), flow: z.string() })),
  })
  .meta({ id: 'StartPlan' });
/** What a start would do. */
export type StartPlan = z.infer<typeof StartPlan>;

/** A run in lists. */
export const InstanceSummary = z
  .object({
    id: z.uuid(),
    number: z.int(),
    processId: z.uuid(),
    process: z.string(),
    version: z.int(),
    namespace: z.string(),
    status: z.enum(PROCESS_STATUSES),
    phase: z.enum(PHASES),
    reason: z.enum(FAILURE_REASONS).nullable(),
    startedBy: z.string(),
    origin: z.string(),
    createdAt: Timestamp,
    startedAt: Timestamp.nullable(),
    finishedAt: Timestamp.nullable(),
  })
  .meta({ id: 'InstanceSummary' });
/** A run in lists. */
export type InstanceSummary = z.infer<typeof InstanceSummary>;

/** A run with everything that was executed in it. */
export const InstanceDetail = InstanceSummary.extend({
  /** Number of its newest history row: where a stream of events goes on. */
  seq: z.int(),
  error: z.looseObject({ reason: z.string(), message: z.string() }).nullable(),
  params: z.record(z.string(), z.unknown()),
  variables: z.record(z.string(), z.unknown()),
  outputs: z.record(z.string(), z.unknown()).nullable(),
  /** Why it does not move, when it does not. */
  waitReason: z.string().nullable(),
  tasks: z.array(TaskView),
}).meta({ id: 'Instance' });
/** A run with everything that was executed in it. */
export type InstanceDetail = z.infer<typeof InstanceDetail>;

/** Query of the list of runs, newest first. */
export const InstanceQuery = PageQuery.extend({
  process: z.string().max(500).optional(),
  namespace: z.string().max(200).optional(),
  status: z.enum(PROCESS_STATUSES).optional(),
});

/** A page of runs. */
export const InstancePage = pageOf(InstanceSummary);

/** Stops a run; `force` kills what runs and leaves the teardown out. */
export const StopInstanceBody = z.strictObject({ force: z.boolean().default(false) }).meta({ id: 'StopInstance' });

/** Makes a new run with the inputs of an old one. */
export const RestartInstanceBody = z.strictObject({ version: z.enum(['same', 'latest']).default('same') }).meta({ id: 'RestartInstance' });

/** What an operation led to. */
export const OperationDone = z
  .object({ status: z.enum(PROCESS_STATUSES), runningTasks: z.array(z.string()) })
  .meta({ id: 'OperationDone' });
/** What an operation led to. */
export type OperationDone = z.infer<typeof OperationDone>;

/** Data of one event of a run's stream: what became known in one transition. */
export const InstanceEvent = z.object({ seq: z.int(), at: Timestamp, facts: z.array(z.looseObject({ type: z.string() })) });
/** Data of one event of a run's stream. */
export type InstanceEvent = z.infer<typeof InstanceEvent>;
