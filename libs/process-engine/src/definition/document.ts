import { z } from 'zod';
import { NamespaceName, type Json } from '@orderlines/contracts';
import {
  callback,
  collected,
  concurrency,
  condition,
  duration,
  identifier,
  json,
  jump,
  nodeOnError,
  param,
  queue,
  retry,
  taskType,
  text,
  TRIGGERS,
  turns,
  valueName,
  values,
  variable,
  workspace,
  type RetryDocument,
} from './document-fields.js';

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

/** The schema of a process document: the one definition of the format. */
export const processDocumentSchema = z
  .strictObject({
    apiVersion: z.literal('orderlines/v1'),
    kind: z.literal('Process'),
    namespace: NamespaceName.optional(),
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
