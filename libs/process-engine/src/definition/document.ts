import { z } from 'zod';
import { FAILURE_REASONS, QUEUE_LENGTH, type Json } from '@orderlines/contracts';

/** The namespace of a process that names none. */
export const DEFAULT_NAMESPACE = 'default';

/** What expressions call the item of a foreach that gives it no name. */
export const DEFAULT_ITEM_NAME = 'item';

/** Types that a param or a variable can be declared with; `any` only comes from the older format. */
export const DECLARED_TYPES = ['string', 'text', 'integer', 'number', 'boolean', 'date', 'datetime', 'list', 'map'] as const;

/** States that a callback can name. */
export const CALLBACK_STATES = ['SUCCESS', 'FAILURE', 'TIMEOUT', 'SKIP', 'RETRY', 'STOP'] as const;

/** Rules by which a node of a dag starts, over the nodes it needs. */
export const TRIGGERS = ['all_success', 'all_done', 'one_success', 'none_failed'] as const;

/** The most flows a container may run at once: all of them stand in the state that every transition rewrites. */
export const MAX_CONCURRENCY = 1_000;

/** The most repeats a `retry` may ask for. */
export const MAX_RETRIES = 10_000;

/** JavaScript reads this key as something else: what has such a name would be lost on the way. */
export const UNUSABLE_NAME = '__proto__';
const isUsable = (name: string): boolean => name !== UNUSABLE_NAME;
const UNUSABLE = `\`${UNUSABLE_NAME}\` cannot be a name; choose another`;

const identifier = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'an id has 1 to 64 letters, digits, `_` or `-`')
  .refine(isUsable, UNUSABLE)
  .describe('Unique in the process; letters, digits, `_` and `-`.');
const jump = z.string().min(1).describe('Id of a node of the same flow, or `end` for the end of the flow.');
const valueName = z
  .string()
  .regex(/^[\p{L}_][\p{L}\p{M}\p{N}_]{0,127}$/u, 'a name begins with a letter or `_`; letters of any alphabet, digits and `_` follow')
  .refine(isUsable, UNUSABLE);
const duration = z
  .string('write a duration with its unit, such as `500ms`, `10s`, `5m`, `2h` or `1d`')
  .min(1)
  .describe('`500ms`, `10s`, `5m`, `2h`, `1d`, or one `${{ expression }}` giving such a text or a number of seconds.');
const condition = z
  .union([z.boolean(), z.string().min(1)], 'write true, false or one `${{ expression }}`')
  .describe('true, false or exactly one `${{ expression }}` giving one of them.');
const text = z.string();
/** Any value; the reader has already made sure that it is JSON. */
const json = z.unknown() as unknown as z.ZodType<Json>;
const taskType = z.string().min(1).describe('Task type: `name` or `name@version`.');
const queue = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/, 'a queue has letters, digits, `_` or `-`')
  .max(QUEUE_LENGTH, `a queue has at most ${QUEUE_LENGTH} characters`)
  .describe('Pool of workers that takes the task.');
const collected = z
  .string()
  .max(512)
  .regex(
    /^(?!\/)(?!(.*\/)?\.\.(\/|$))[^\\\0]+$/,
    'a pattern such as `dist/*.tgz` names files inside the folder of the task: no leading `/`, no `..`, no `\\`',
  )
  .describe('Pattern of files in the folder of the task: `*` within a name, `**` any depth.');
const values = z.record(z.string(), json);
const workspace = z.literal('run').describe('The tasks share one folder and stay on one worker.');

const callback = z
  .strictObject({
    states: z.array(z.enum(CALLBACK_STATES)).min(1),
    uses: taskType,
    with: values.optional(),
  })
  .meta({ id: 'Callback', description: 'A task run beside the flow when a state is reached.' });

const retry = z
  .strictObject({
    limit: z.int().min(0).max(MAX_RETRIES).describe('Repeats after the first attempt.'),
    delay: duration.optional(),
    backoff: z.enum(['fixed', 'linear', 'exponential']).optional(),
    factor: z.number().min(1).max(100).optional().describe('What an exponential delay is multiplied by each time; 2 by default.'),
    maxDelay: duration.optional(),
    jitter: z.number().min(0).max(1).optional().describe('Share of the delay that is drawn at random.'),
    budget: duration.optional().describe('No repeat starts later than this after the start of the first attempt.'),
    reasons: z.array(z.enum(FAILURE_REASONS)).min(1).optional(),
    when: z.string().min(1).optional().describe('One `${{ expression }}` giving true when the failure is to be repeated.'),
  })
  .meta({ id: 'Retry', description: 'Repeats of a failed task or container.' });

const nodeOnError = z
  .union([z.enum(['raise', 'ignore', 'hold']), z.strictObject({ goto: jump })], 'write `raise`, `ignore`, `hold` or `{ goto: <node id> }`')
  .describe('What becomes of a failure after its last attempt.');

const concurrency = z.int().min(1).max(MAX_CONCURRENCY);

const everyNode = {
  id: identifier,
  name: text.optional(),
  description: text.optional(),
  disabled: condition.optional(),
  breakpoint: condition.optional().describe('A debugged run stops before the node: always, or when it holds. Any other run passes by.'),
  onError: nodeOnError.optional(),
  callbacks: z.array(callback).optional(),
  set: z.record(valueName, json).optional().describe('Variables written when the node succeeds; expressions also see `result`.'),
  needs: z.array(z.string().min(1)).optional().describe('In a dag: ids of the nodes that must end before this one.'),
  when: condition.optional().describe('In a dag: false passes the node over, with status SKIP.'),
  trigger: z.enum(TRIGGERS).optional().describe('In a dag: what must have become of the needed nodes; all_success by default.'),
};

/** `next` of the nodes that do not decide it in another way. */
const goesOn = { next: jump.optional() };
/** Keys of the nodes that take time. */
const takesTime = { timeout: duration.optional(), retry: retry.optional() };

const taskNode = z
  .strictObject({
    ...everyNode,
    ...goesOn,
    ...takesTime,
    type: z.literal('task').default('task'),
    uses: taskType,
    with: values.optional(),
    queue: queue.optional(),
    queueTimeout: duration.optional(),
    heartbeatTimeout: duration.optional(),
    collect: z
      .array(collected)
      .min(1)
      .max(32)
      .optional()
      .describe('Files that are kept in the result as `files` when the task has succeeded.'),
    idempotent: z.boolean().optional().describe('True: running it twice does no harm; otherwise the task type decides.'),
  })
  .meta({ id: 'TaskNode', description: 'Runs one task type on a worker.' });

const switchNode = z
  .strictObject({
    ...everyNode,
    type: z.literal('switch'),
    cases: z.array(
      z
        .strictObject({ name: text.optional(), when: condition, next: jump })
        .meta({ id: 'SwitchCase', description: 'A way out of a switch.' }),
    ),
    default: jump.optional().describe('Where it goes on when no case holds; without it the node fails.'),
  })
  .meta({ id: 'SwitchNode', description: 'Goes on with the first case that holds.' });

const assignNode = z
  .strictObject({ ...everyNode, ...goesOn, type: z.literal('assign') })
  .meta({ id: 'AssignNode', description: 'Sets variables at once, by its `set`.' });

const delayNode = z
  .strictObject({
    ...everyNode,
    ...goesOn,
    ...takesTime,
    type: z.literal('delay'),
    for: duration.optional(),
    until: z.string().min(1).optional().describe('A date and time such as `2026-03-01T08:00:00Z`, or one `${{ expression }}` giving it.'),
  })
  .meta({ id: 'DelayNode', description: 'Waits; exactly one of `for` and `until`.' });

const names = z
  .union([z.array(z.string().min(1)).min(1), z.string().min(1)], 'write a list of names or one `${{ expression }}` giving it')
  .describe('A list of names, or one `${{ expression }}` giving it.');
const jumpOrFail = z.string().min(1).describe('`fail`, or the id of a node of the same flow where it goes on.');

const approvalNode = z
  .strictObject({
    ...everyNode,
    ...goesOn,
    type: z.literal('approval'),
    retry: retry.optional().describe('A repeat is a new round: answers of the last one do not count.'),
    users: names.optional(),
    roles: names.optional(),
    groups: names.optional(),
    quorum: z
      .union([z.enum(['any', 'all']), z.int().min(1).max(100)], 'write `any`, `all` or a number of approvals')
      .optional()
      .describe('How many must approve: any (default), all that are named, or a number. One rejection rejects.'),
    noSelfApproval: z.boolean().optional().describe('True: who started the run may not answer.'),
    message: text.optional().describe('What is asked.'),
    get form() {
      return z.array(param).optional();
    },
    deadline: duration.optional(),
    onDeadline: jumpOrFail.optional(),
    onReject: jumpOrFail.optional(),
  })
  .meta({ id: 'ApprovalNode', description: 'People answer: it goes on when enough of them approve.' });

const waitNode = z
  .strictObject({
    ...everyNode,
    ...goesOn,
    ...takesTime,
    type: z.literal('wait'),
    signal: text.min(1).describe('Name of the signal.'),
    key: json.optional().describe('Correlation key: a text, a number, or one `${{ expression }}` giving it; empty when missing.'),
  })
  .meta({ id: 'WaitNode', description: 'Waits for a signal; its result is what the signal brings.' });

const processNode = z
  .strictObject({
    ...everyNode,
    ...goesOn,
    ...takesTime,
    type: z.literal('process'),
    process: z
      .string()
      .regex(
        /^([\p{L}\p{M}\p{N}_.-]{1,64}\/)?[^\s/@\p{C}]([^/@\p{C}]{0,126}[^\s/@\p{C}])?$/u,
        'write the name of a process, or `namespace/name`; it is no expression',
      )
      .describe('Name of a process of the same namespace, or `namespace/name`.'),
    version: z
      .union([z.literal('latest'), z.int().min(1)], 'write `latest` or the number of a version')
      .optional()
      .describe('Number of a version; `latest` (default) is the newest one published when the node is reached.'),
    inputs: values.optional().describe('Params of the run that it starts.'),
    wait: z.boolean().optional().describe('False: it goes on as soon as the run has started.'),
  })
  .meta({ id: 'ProcessNode', description: 'Runs another process as a run of its own; its outputs are the result.' });

const endNode = z
  .strictObject({
    ...everyNode,
    type: z.literal('end'),
    status: z.enum(['SUCCESS', 'FAILURE']).optional(),
    message: text.optional(),
  })
  .meta({ id: 'EndNode', description: 'Ends its flow.' });

/** What every node has, as it is written. */
export type NodeBaseDocument = z.output<z.ZodObject<typeof everyNode, z.core.$strict>>;

/** A `retry` as it is written. */
export type RetryDocument = z.output<typeof retry>;

/** A `group` as it is written. */
export interface GroupDocument extends NodeBaseDocument {
  type: 'group';
  next?: string | undefined;
  timeout?: string | undefined;
  retry?: RetryDocument | undefined;
  workspace?: 'run' | undefined;
  outputs?: Record<string, Json> | undefined;
  setup?: NodeDocument[] | undefined;
  flow: NodeDocument[];
  teardown?: NodeDocument[] | undefined;
}

/** A `parallel` as it is written. */
export interface ParallelDocument extends NodeBaseDocument {
  type: 'parallel';
  next?: string | undefined;
  timeout?: string | undefined;
  retry?: RetryDocument | undefined;
  maxConcurrency?: number | undefined;
  join?: 'all' | 'any' | number | undefined;
  failFast?: boolean | undefined;
  runner?: 'io' | 'cpu' | undefined;
  outputs?: Record<string, Json> | undefined;
  branches: Record<string, NodeDocument[]>;
}

/** A `dag` as it is written. */
export interface DagDocument extends NodeBaseDocument {
  type: 'dag';
  next?: string | undefined;
  timeout?: string | undefined;
  retry?: RetryDocument | undefined;
  outputs?: Record<string, Json> | undefined;
  nodes: NodeDocument[];
}

/** A `foreach` as it is written. */
export interface ForeachDocument extends NodeBaseDocument {
  type: 'foreach';
  next?: string | undefined;
  timeout?: string | undefined;
  retry?: RetryDocument | undefined;
  items: Json;
  as?: string | undefined;
  concurrency?: number | undefined;
  maxFailures?: number | string | undefined;
  outputs?: Record<string, Json> | undefined;
  flow: NodeDocument[];
}

/** A node as it is written, of any type. */
export type NodeDocument =
  | z.output<typeof taskNode>
  | z.output<typeof switchNode>
  | z.output<typeof assignNode>
  | z.output<typeof delayNode>
  | z.output<typeof approvalNode>
  | z.output<typeof waitNode>
  | z.output<typeof processNode>
  | z.output<typeof endNode>
  | GroupDocument
  | ParallelDocument
  | DagDocument
  | ForeachDocument;

const branchName = z.string().regex(/^[\p{L}\p{M}\p{N}_-]{1,64}$/u, 'a branch has 1 to 64 letters, digits, `_` or `-`');

const groupNode = z
  .strictObject({
    ...everyNode,
    ...goesOn,
    ...takesTime,
    type: z.literal('group'),
    workspace: workspace.optional(),
    outputs: values.optional(),
    get setup(): z.ZodOptional<z.ZodType<NodeDocument[]>> {
      return flow.optional();
    },
    get flow(): z.ZodType<NodeDocument[]> {
      return flow;
    },
    get teardown(): z.ZodOptional<z.ZodType<NodeDocument[]>> {
      return flow.optional();
    },
  })
  .meta({ id: 'GroupNode', description: 'A nested flow as one unit.' });

const parallelNode = z
  .strictObject({
    ...everyNode,
    ...goesOn,
    ...takesTime,
    type: z.literal('parallel'),
    maxConcurrency: concurrency.optional().describe('Branches that run at once; 100 by default.'),
    join: z
      .union([z.enum(['all', 'any']), z.int().min(1)], 'write `all`, `any` or a number of branches')
      .optional()
      .describe('How many branches must succeed: all (default), any, or a number.'),
    failFast: z.boolean().optional().describe('True: the first branch that fails stops the others.'),
    runner: z.enum(['io', 'cpu']).optional(),
    outputs: values.optional(),
    get branches(): z.ZodType<Record<string, NodeDocument[]>> {
      return z.record(branchName, flow);
    },
  })
  .meta({ id: 'ParallelNode', description: 'Named flows at once.' });

const dagNode = z
  .strictObject({
    ...everyNode,
    ...goesOn,
    ...takesTime,
    type: z.literal('dag'),
    outputs: values.optional(),
    get nodes(): z.ZodType<NodeDocument[]> {
      return flow;
    },
  })
  .meta({ id: 'DagNode', description: 'Nodes that start as soon as the nodes they need have ended.' });

const foreachNode = z
  .strictObject({
    ...everyNode,
    ...goesOn,
    ...takesTime,
    type: z.literal('foreach'),
    items: json.describe('A list or a map, or exactly one `${{ expression }}` giving one; of a map, an item is `{ key, value }`.'),
    as: valueName.optional().describe('What expressions call the item; `item` by default.'),
    concurrency: concurrency.optional().describe('Items that run at once; 100 by default.'),
    maxFailures: z
      .union([z.int().min(0), z.string().regex(/^(100|\d{1,2})(\.\d+)?%$/)], 'write a number of items such as 2, or a share such as `10%`')
      .optional()
      .describe('Items that may fail before the node fails: a number or a share such as `10%`; 0 by default.'),
    outputs: values.optional(),
    get flow(): z.ZodType<NodeDocument[]> {
      return flow;
    },
  })
  .meta({ id: 'ForeachNode', description: 'A nested flow for each element of a list or map.' });

const node = z
  .discriminatedUnion('type', [
    taskNode,
    switchNode,
    groupNode,
    parallelNode,
    dagNode,
    foreachNode,
    assignNode,
    delayNode,
    approvalNode,
    waitNode,
    processNode,
    endNode,
  ])
  .meta({ id: 'Node', description: 'A step of a process.' });

const flow: z.ZodType<NodeDocument[]> = z.array(node).meta({ id: 'Flow', description: 'Nodes run one after another.' });

const param = z
  .strictObject({
    name: valueName,
    type: z.enum(DECLARED_TYPES),
    title: text.optional(),
    description: text.optional(),
    required: z.boolean().optional(),
    default: json.optional().describe('A value, or expressions over `run` and earlier params.'),
    enum: z.array(json).min(1).optional(),
    pattern: z.string().optional().describe('RE2 pattern that the text must match.'),
    min: z.number().optional().describe('Smallest number, or shortest text, list or map.'),
    max: z.number().optional().describe('Largest number, or longest text, list or map.'),
  })
  .meta({ id: 'Param', description: 'A typed input of the process.' });

const variable = z
  .strictObject({
    name: valueName,
    type: z.enum([...DECLARED_TYPES, 'any']),
    description: text.optional(),
    value: json.optional(),
  })
  .meta({ id: 'Variable', description: 'A value that the run can change.' });

/** What becomes of a run that finds no slot free. */
export const SLOT_POLICIES = ['queue', 'skip', 'cancel_running', 'fail'] as const;

const turns = z
  .strictObject({
    key: text
      .min(1)
      .describe('What runs take turns under: a text, or expressions over `params` and `run`. Each namespace has its own keys.'),
    limit: z.int().min(1).max(1_000).optional().describe('Runs with the key at a time; 1 by default.'),
    policy: z.enum(SLOT_POLICIES).optional().describe('What becomes of a run when all slots are taken; `queue` by default.'),
  })
  .meta({ id: 'Concurrency', description: 'How many runs with the same key go on at a time.' });

/** The schema of a process document: the one definition of the format. */
export const processDocumentSchema = z
  .strictObject({
    apiVersion: z.literal('orderlines/v1'),
    kind: z.literal('Process'),
    namespace: z
      .string()
      .regex(/^[\p{L}\p{M}\p{N}_.-]{1,64}$/u, 'a namespace has 1 to 64 letters, digits, `_`, `.` or `-`')
      .optional(),
    name: z
      .string()
      .regex(/^[^\s/@\p{C}]([^/@\p{C}]{0,126}[^\s/@\p{C}])?$/u, 'a process name has 1 to 128 characters, without `/`, `@` and outer spaces')
      .describe('Unique in its namespace.'),
    description: text.optional(),
    type: z.enum(['flow', 'dag']).optional().describe('`dag`: the nodes of `flow` start as soon as the nodes they need have ended.'),
    labels: z.record(z.string(), z.string()).optional(),
    params: z.array(param).optional(),
    variables: z.array(variable).optional(),
    timeout: duration.optional(),
    workspace: workspace.optional(),
    queue: queue.optional(),
    concurrency: turns.optional(),
    onError: z.enum(['raise', 'ignore']).optional(),
    maxVisits: z.int().min(1).max(1_000_000).optional().describe('Visits of one node in one scope before the run ends; 1000 by default.'),
    outputs: values.optional(),
    callbacks: z.array(callback).optional(),
    setup: flow.optional(),
    flow,
    teardown: flow.optional(),
    layout: values.optional().describe('Positions, notes and frames of the canvas; never affects a run.'),
  })
  .meta({ id: 'Process', description: 'A process of orderlines.' });

/** A process as it is written, checked by {@link processDocumentSchema}. */
export type ProcessDocument = z.output<typeof processDocumentSchema>;
/** A callback as it is written. */
export type CallbackDocument = z.output<typeof callback>;
/** A param as it is declared. */
export type ParamDocument = z.output<typeof param>;
/** A variable as it is declared. */
export type VariableDocument = z.output<typeof variable>;
