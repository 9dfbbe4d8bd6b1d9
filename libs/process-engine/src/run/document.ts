import type { Failure, FailureReason, Json, JsonObject, SkipReason, TaskStatus, WaitsFor } from '@orderlines/contracts';
import type { Candidates } from './approval/candidates.js';
import type { CountedAnswer } from './approval/tally.js';
import type { TaskOperation } from './event.js';
import type { Run, RunState } from './state.js';

/** Takes `readonly` off the first level, for the copies a turn works on. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The engine's own document inside {@link Run}: what is going on now, never what is over. Absent keys are defaults, so that it stays small. */
export interface RunDocument extends RunState {
  /** Number the next scope gets. */
  readonly nextScope: number;
  readonly scopes: Readonly<Record<string, Scope>>;
  /** Executions that have not ended, callbacks included, by task instance id. */
  readonly executions: Readonly<Record<string, Execution>>;
  readonly timers: Readonly<Record<string, Timer>>;
  /** Variables of the namespace as they were when the run started: whatever becomes of them, the run sees these. */
  readonly config?: JsonObject;
  /** Present while a person debugs the run. */
  readonly debug?: DebugSession;
  /** While paused: what was left on the run's clock. */
  readonly paused?: { readonly left?: number };
  /** After an end in FAILURE: the root scope with the node that raised it, from which the run can be opened again. */
  readonly ended?: Scope;
}

/** A run that stops for a person. */
export interface DebugSession {
  /** Breakpoints set (true) and cleared (false) on this run, by node; they go before those of the definition. */
  readonly breakpoints: Readonly<Record<string, boolean>>;
  /** Present while something is stopped: what was left on the run's clock. */
  readonly standing?: { readonly left?: number };
  /** The timer that ends a session nobody touches. */
  readonly idle?: string;
}

/** Number of the root scope. */
export const ROOT = 0;

/** The three flows of a process or group, in the order they run. */
export type Section = 'setup' | 'flow' | 'teardown';

/** A flow being executed: the root, a group, a branch, an item. It has one token, `current` or `due`; a dag has a `graph` instead. */
export interface Scope {
  readonly id: number;
  /** Enclosing scope and the container's task instance; absent at the root. */
  readonly parent?: number;
  readonly container?: string;
  /** Id of the container node, or null for the process itself. */
  readonly owner: string | null;
  /** Path of the container, e.g. `checks/unit`; empty at the root. */
  readonly path: string;
  /** Which of its flows runs: `setup`, `flow`, `teardown`, `branches/<name>`. */
  readonly section: string;
  /** The execution that holds the token. */
  readonly current?: string;
  /** What happens to the token next, when no execution holds it. */
  readonly due?: Due;
  /** How far the nodes of a dag have come. */
  readonly graph?: Graph;
  /** Of the root of a dag, while its body does not run: how far it had come, where it goes on when it is opened again or begins in a rerun. */
  readonly halted?: Graph;
  /** Set while the running section is being ended from outside. */
  readonly closing?: BadEnding;
  /** How setup or body ended, kept while the teardown runs. */
  readonly ending?: Ending;
  /** Visits of nodes that can be reached again. */
  readonly visits?: Readonly<Record<string, number>>;
  /** Referenced nodes that were reached, those of ended inner scopes included. */
  readonly reached?: Readonly<Record<string, Reached>>;
  /** The shared folder, when this scope has one. */
  readonly workspace?: Workspace;
  /** Number of the item of a foreach, from 0, the item itself when it is small, and when it was begun. */
  readonly index?: number;
  readonly item?: Json;
  readonly startedAt?: number;
  /** Where the body begins, when that is not its first node: in a rerun, or after the run was opened again. */
  readonly entry?: string;
  /** Of the root: the node of setup or body that failed it. */
  readonly raised?: Raised;
  /** Of the root of a run that was opened again: the node that goes on as an operator said, when the token reaches it. */
  readonly reopened?: Reopened;
  /** In a debug session: it stops before every node, not only at breakpoints. */
  readonly stepping?: boolean;
  /** In a debug session: the node that ran last in its section. */
  readonly last?: string;
  /** In a debug session: the next node is entered without a stop. */
  readonly passes?: boolean;
}

/** A failure that ended the section it stands in. */
export interface Raised {
  readonly section: string;
  readonly execution: Execution;
}

/** A failed node of a run that was opened again, and what is done to it. */
export interface Reopened extends Raised {
  readonly operation: TaskOperation;
  readonly actor: string;
}

/** A dag that runs: one character for each of its nodes, in the order of the definition (see graph.ts). */
export interface Graph {
  readonly nodes: string;
  /** Nodes that have been entered and have not ended. */
  readonly open: number;
  /** Failure of the first node that raised one. */
  readonly failure?: Failure;
}

/** The next thing a token does: enter a node (in a dag perhaps only to pass it over), or end its section. */
export type Due = { readonly node: string; readonly skip?: SkipReason } | { readonly end: Ending };

/** How a flow, scope or run ended. */
export type Ending = { readonly status: 'SUCCESS'; readonly outputs?: JsonObject } | BadEnding;

/** An ending that says why. */
export interface BadEnding {
  readonly status: 'FAILURE' | 'STOP';
  readonly failure: Failure;
}

/** A folder shared by the tasks of a scope, on the worker that took the first of them. */
export interface Workspace {
  readonly folder: string;
  readonly worker?: string;
}

/** What the state remembers of a node that some expression reads; the rest lies in its row. */
export interface Reached {
  readonly id: string;
  readonly status: TaskStatus;
  readonly failed: boolean;
  readonly attempt: number;
  /** It ran in an item of a foreach that has ended: only teardowns and callbacks still see it. */
  readonly inItem?: true;
}

/** One execution of a node or callback that has not ended: the changeable columns of its row, and what only the engine needs. */
export interface Execution {
  readonly id: string;
  readonly nodeId: string;
  readonly scope: number;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly dispatch: number;
  readonly visit?: number;
  readonly reason?: FailureReason;
  readonly failed?: boolean;
  readonly worker?: string;
  readonly session?: string;
  readonly token?: string;
  readonly readyAt?: number;
  readonly startedAt?: number;
  readonly deadlineAt?: number;
  /** Start of the first attempt, from which the retry budget counts. */
  readonly firstStartedAt?: number;
  /** Attempts before an operator repeated it: its retry policy counts from there. */
  readonly repeatedAfter?: number;
  /** Limit of one attempt on the worker, milliseconds. */
  readonly timeoutMs?: number;
  /** Wait for a worker, milliseconds. */
  readonly queueTimeoutMs?: number;
  readonly idempotent?: boolean;
  /** Deliveries lost in a row. */
  readonly losses?: number;
  /** Its pending retry or delay. */
  readonly timer?: string;
  /** The timer went off during a pause. */
  readonly due?: boolean;
  /** During a pause: what was left until the deadline, for what no worker holds. */
  readonly timeLeft?: number;
  /** Its worker has been told to stop; this is why. For a container: why its scopes are being ended. */
  readonly cancelled?: BadEnding;
  /** What it waits for, while it does. */
  readonly waitsFor?: WaitsFor;
  /** Of a container in a debug session: what runs inside is stepped through. */
  readonly into?: boolean;
  readonly lanes?: Lanes;
  /** Present while an approval waits for answers. */
  readonly approval?: Approval;
  /** Id of the signal that a wait took. */
  readonly signal?: string;
  /** Present for callbacks. */
  readonly callback?: CallbackOf;
}

/** Counters of a parallel or foreach: its lanes are scopes `first`, `first + 1` … in the order of the branches or items. */
export interface Lanes {
  readonly first: number;
  /** Branches started so far. */
  readonly started: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Failure of the first branch that failed. */
  readonly failure?: Failure;
  /** The join is decided; what still runs is being ended. */
  readonly decided?: 'met' | 'missed';
  readonly items?: ItemLanes;
}

/** What a foreach needs of its items; they themselves lie in its row. */
export interface ItemLanes {
  readonly total: number;
  /** How many may fail. */
  readonly tolerated: number;
  /** The next items, when they are small. */
  readonly ahead: readonly Json[];
}

/** An approval in its current round: who may answer, and the answers as they count. The answers themselves lie in the row's result. */
export interface Approval extends Candidates {
  /** What the fields of the form begin with. */
  readonly defaults: JsonObject;
  readonly given: readonly (CountedAnswer & { readonly user: string })[];
}

/** What a callback belongs to, where it is shown, and when its limit ends. */
export interface CallbackOf {
  readonly of: 'node' | 'process';
  readonly path: string;
  /** Where it may be claimed from; absent in runs that were stored before it was kept. */
  readonly queue?: string;
  readonly expiresAt: number;
}

/** What a wake-up call is for. */
export type Timer =
  | { readonly kind: 'retry' | 'delay'; readonly execution: string; readonly dueAt: number }
  | { readonly kind: 'teardown'; readonly scope: number; readonly dueAt: number }
  | { readonly kind: 'continue'; readonly dueAt: number }
  | { readonly kind: 'debug'; readonly dueAt: number };

/** The engine's document of a run. */
export const documentOf = (run: Run): RunDocument => run.state as RunDocument;

/** Any JSON object with a key, for reading results. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export { own } from '../variables/value.js';
