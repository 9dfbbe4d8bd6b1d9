import type { Json } from '@orderlines/contracts';
import type { SLOT_POLICIES } from './document-fields.js';
import type { Expression, Template } from '../variables/template.js';

/** A process made ready to run: ids resolved, expressions parsed, order and defaults filled in. Immutable, cached by version. */
export interface CompiledProcess {
  readonly namespace: string;
  readonly name: string;
  /** Every node by id, at whatever depth (ids are unique in the process). */
  readonly nodes: ReadonlyMap<string, CompiledNode>;
  /** Every flow by key: `setup`, `flow`, `teardown`, `<nodeId>/flow|setup|teardown`, `<nodeId>/branches/<name>`. */
  readonly flows: ReadonlyMap<string, CompiledFlow>;
  readonly params: readonly CompiledParam[];
  readonly variables: readonly CompiledVariable[];
  /** Milliseconds, or an expression giving a duration text or seconds; absent: system parameter `process_timeout`. */
  readonly timeout?: Template;
  readonly concurrency?: CompiledConcurrency;
  readonly onError: 'raise' | 'ignore';
  readonly outputs?: Template;
  readonly callbacks: readonly CompiledCallback[];
  /** True: all tasks share one folder on one worker (`workspace: run`). */
  readonly workspace: boolean;
  /** Visits of one node in one scope before the run ends with reason `policy`. */
  readonly maxVisits: number;
  /** Nodes that some expression reads as `tasks.<id>`: the only ones whose outcomes the run state remembers. */
  readonly referenced: ReadonlySet<string>;
  /** Variables of the namespace that some expression reads as `config.<name>`: a run keeps their values from its start. */
  readonly config: ReadonlySet<string>;
  /** Secrets that some expression reads as `secrets.<name>`. */
  readonly secrets: ReadonlySet<string>;
}

/** How many runs with the same key go on at a time, and what becomes of one too many. */
export interface CompiledConcurrency {
  readonly key: Template;
  readonly limit: number;
  readonly policy: (typeof SLOT_POLICIES)[number];
}

/** A list of nodes run one after another by one token. */
export interface CompiledFlow {
  readonly key: string;
  /** The container node, or null for the process itself. */
  readonly owner: string | null;
  /** `flow` (the nodes of a dag too), `setup`, `teardown`, or `branches/<name>`. */
  readonly section: string;
  /** The first node, or null for an empty flow. */
  readonly first: string | null;
  readonly nodeIds: readonly string[];
  /** Present for a dag: its nodes do not follow each other, they need each other. */
  readonly graph?: CompiledGraph;
}

/** What the nodes of a dag need of each other. */
export interface CompiledGraph {
  /** In the order of the flow's `nodeIds`. */
  readonly nodes: readonly CompiledGraphNode[];
  /** Where in that order a node stands, by id. */
  readonly positions: ReadonlyMap<string, number>;
}

/** How a node of a dag starts. */
export interface CompiledGraphNode {
  /** Positions of the nodes it needs and of the nodes that need it. */
  readonly needs: readonly number[];
  readonly neededBy: readonly number[];
  readonly trigger: Trigger;
  /** False passes the node over. */
  readonly when?: Template;
}

/** What must have become of the needed nodes before a node of a dag starts. */
export type Trigger = 'all_success' | 'all_done' | 'one_success' | 'none_failed';

/** Declared parameter of a process. */
export interface CompiledParam {
  readonly name: string;
  readonly type: ValueType;
  readonly required: boolean;
  /** What forms show instead of the name, and below the field. */
  readonly title?: string;
  readonly description?: string;
  readonly default?: Template;
  readonly enum?: readonly Json[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
}

/** Declared variable of a process with its first value. */
export interface CompiledVariable {
  readonly name: string;
  /** `any` only comes from the older format. */
  readonly type: ValueType | 'any';
  readonly value: Json;
}

/** Types of params and variables. */
export type ValueType = 'string' | 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'list' | 'map' | 'file' | 'secret';

/** A task run beside the flow when a node or the run reaches a state. */
export interface CompiledCallback {
  readonly states: readonly CallbackState[];
  readonly uses: string;
  readonly with: Template;
  /** The node's queue for a task, else the process's default queue. */
  readonly queue: string;
}

/** States a callback can name; TIMEOUT is an ending with a `timeout.*` reason, FAILURE any other failure. */
export type CallbackState = 'SUCCESS' | 'FAILURE' | 'TIMEOUT' | 'SKIP' | 'RETRY' | 'STOP';

/** Repeats after a failed attempt. Durations in milliseconds. */
export interface CompiledRetry {
  readonly limit: number;
  readonly delay: Template;
  readonly backoff: 'fixed' | 'linear' | 'exponential';
  readonly factor: number;
  readonly maxDelay?: Template;
  /** Share of the delay that is drawn at random, 0–1. */
  readonly jitter: number;
  /** No repeat starts later than this after the first attempt's start. */
  readonly budget?: Template;
  /** Reasons that are repeated; absent: every reason but `stopped` and `policy`. */
  readonly reasons?: readonly string[];
  readonly when?: Expression;
}

/** What becomes of a node whose last attempt failed. */
export type CompiledOnError = 'raise' | 'ignore' | 'hold' | { readonly goto: string };

/** What every node has. */
export interface CompiledNodeBase {
  readonly id: string;
  readonly name: string;
  /** Key of the flow the node stands in. */
  readonly flow: string;
  /** The node that follows in the same flow, or null at the flow's end. */
  readonly next: string | null;
  /** True when the node can be reached again in the same scope: only then are its visits counted in the state. */
  readonly inCycle: boolean;
  readonly disabled?: Template;
  /** Where a debugged run stops, always or when it holds; a run that is not debugged passes by. */
  readonly breakpoint?: Template;
  readonly timeout?: Template;
  readonly retry?: CompiledRetry;
  /** Absent: raised; for a task what the system parameter `task_strategy` says. */
  readonly onError?: CompiledOnError;
  readonly callbacks: readonly CompiledCallback[];
  /** Variables written when the node succeeds; the expression also sees `result`. */
  readonly set: readonly (readonly [string, Template])[];
}

/** Runs one task type on a worker. */
export interface CompiledTask extends CompiledNodeBase {
  readonly type: 'task';
  /** Task type, `name` or `name@version`. */
  readonly uses: string;
  readonly with: Template;
  /** The one beside it inside a parallel with `runner: cpu`. */
  readonly queue: string;
  readonly queueTimeout?: Template;
  readonly heartbeatTimeout?: Template;
  /** Patterns of files to keep when it has succeeded. */
  readonly collect?: readonly string[];
  /** Declared by the node; absent: what the task type says at the claim. */
  readonly idempotent?: boolean;
}

/** Gateway: the first case that holds decides the next node. */
export interface CompiledSwitch extends CompiledNodeBase {
  readonly type: 'switch';
  readonly cases: readonly { readonly name?: string; readonly when: Template; readonly next: string | null }[];
  /** Absent: nothing true fails the node; null: the flow ends. */
  readonly default?: string | null;
}

/** Nested flow as one unit, with setup and teardown of its own. */
export interface CompiledGroup extends CompiledNodeBase {
  readonly type: 'group';
  readonly outputs?: Template;
  readonly workspace: boolean;
}

/** Named flows at once; their keys are `<id>/branches/<name>`. */
export interface CompiledParallel extends CompiledNodeBase {
  readonly type: 'parallel';
  readonly branches: readonly string[];
  readonly maxConcurrency: number;
  readonly join: 'all' | 'any' | number;
  readonly failFast: boolean;
  readonly outputs?: Template;
}

/** Nodes in any acyclic shape; they stand in the flow `<id>/flow`. */
export interface CompiledDag extends CompiledNodeBase {
  readonly type: 'dag';
  readonly outputs?: Template;
}

/** The flow `<id>/flow` for each element of a list or map. */
export interface CompiledForeach extends CompiledNodeBase {
  readonly type: 'foreach';
  readonly items: Template;
  /** Root by which expressions inside read the item. */
  readonly as: string;
  readonly concurrency: number;
  /** Items that may fail: a number, or a share of all from 0 to 1. */
  readonly maxFailures: { readonly count: number } | { readonly share: number };
  /** What an item gives; without it, the results of its nodes. */
  readonly outputs?: Template;
}

/** Sets process variables at once (by its `set`). */
export interface CompiledAssign extends CompiledNodeBase {
  readonly type: 'assign';
}

/** Waits for a time. Exactly one of the two is there. */
export interface CompiledDelay extends CompiledNodeBase {
  readonly type: 'delay';
  readonly for?: Template;
  readonly until?: Template;
}

/** People answer a form; the quorum decides. */
export interface CompiledApproval extends CompiledNodeBase {
  readonly type: 'approval';
  /** Each gives a list of names; absent: none are named. */
  readonly users?: Template;
  readonly roles?: Template;
  readonly groups?: Template;
  readonly quorum: Quorum;
  /** True: who started the run may not answer. */
  readonly noSelfApproval: boolean;
  readonly message?: Template;
  /** Fields of the form; their defaults see what every expression of the run sees. */
  readonly form: readonly CompiledParam[];
  readonly deadline?: Template;
  readonly onDeadline: CompiledRefusal;
  readonly onReject: CompiledRefusal;
}

/** How many must approve: one, everybody who is named, or a number. */
export type Quorum = 'any' | 'all' | number;

/** What an approval that was not given does: the node fails with its strategies, or the flow goes on elsewhere (null: at its end). */
export type CompiledRefusal = 'fail' | { readonly goto: string | null };

/** Waits for a signal by name and correlation key. */
export interface CompiledWait extends CompiledNodeBase {
  readonly type: 'wait';
  readonly signal: Template;
  readonly key: Template;
}

/** Runs another process as a run of its own. */
export interface CompiledChild extends CompiledNodeBase {
  readonly type: 'process';
  /** `name` in the namespace of this process, or `namespace/name`. */
  readonly process: string;
  readonly version: 'latest' | number;
  readonly inputs: Template;
  /** False: the node has done its work when the run has started. */
  readonly wait: boolean;
}

/** Ends its scope. */
export interface CompiledEnd extends CompiledNodeBase {
  readonly type: 'end';
  readonly status: 'SUCCESS' | 'FAILURE';
  readonly message?: Template;
}

/** A step of a compiled process. */
export type CompiledNode =
  | CompiledTask
  | CompiledSwitch
  | CompiledGroup
  | CompiledParallel
  | CompiledDag
  | CompiledForeach
  | CompiledAssign
  | CompiledDelay
  | CompiledApproval
  | CompiledWait
  | CompiledChild
  | CompiledEnd;
