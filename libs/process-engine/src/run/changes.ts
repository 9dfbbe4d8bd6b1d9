import type {
  Failure,
  FailureReason,
  Json,
  JsonObject,
  Phase,
  ProcessStatus,
  SkipReason,
  TaskStatus,
  WaitsFor,
  ValuePart,
} from '@orderlines/contracts';
import type { ClaimAnswer, OperationAnswer } from './event.js';
import type { ChildLink } from './child-links.js';
import type { SignalWaitChanges } from './signal-waits.js';

/** What one transition changes. The executor writes rows first and carries the rest out after the commit; all of it can be made again from rows. */
export interface Changes {
  /** New task instances, complete. */
  readonly created: TaskInstanceRow[];
  /** Known task instances: every changeable column, so that one set-wise statement serves all. */
  readonly updated: TaskInstanceUpdate[];
  /** Attempts that failed and will be repeated: the history of the row. */
  readonly attempts: AttemptRow[];
  readonly timersSet: TimerRow[];
  readonly timersCleared: string[];
  /** Ids of task instances (created or updated here, PENDING) to publish. */
  readonly dispatch: string[];
  /** Attempts whose worker must be told to stop. */
  readonly cancel: Cancel[];
  /** Waits for signals that began and ended. */
  readonly signalWaits: SignalWaitChanges;
  /** Runs of `process` nodes for which something has changed here: each has to be looked at. */
  readonly children: readonly ChildLink[];
  /** Large parts of inputs and outputs, to be stored under the digests by which they are referred to. */
  readonly parts: ValuePart[];
  /** What became known, in order; one history row a transition, told live. */
  readonly facts: readonly Fact[];
  /** Answers a claim or an operation. */
  answer?: ClaimAnswer | OperationAnswer;
}

/** One execution of one node, or of a callback. Times in epoch milliseconds. */
export interface TaskInstanceRow extends TaskInstanceUpdate {
  readonly nodeId: string;
  /** `callback` rows run beside the flow; an `item` row tells how an item of a foreach ended, with its outputs as result. */
  readonly kind: 'node' | 'callback' | 'item';
  /** Node type: `task`, `switch`, `group` …, or `item`. */
  readonly type: string;
  /** Task type, for tasks and callbacks. */
  readonly uses: string | null;
  /** Where it stands, e.g. `checks/unit/compile`; items of a foreach as `deploy[2]/rollout`. */
  readonly path: string;
  /** Id of the scope it runs in. */
  readonly scope: number;
  /** The container's task instance, or null at the root. */
  readonly parentId: string | null;
  readonly visit: number;
  /** Item number inside a foreach. */
  readonly index: number | null;
  readonly queue: string | null;
  /** Arguments, expressions resolved. */
  readonly input: Json;
  /** Limit of one attempt on the worker, for tasks and callbacks; goes into the task message. */
  readonly timeoutMs: number | null;
  /** How long its worker lets an attempt go without a sign of life; null: for ever. Goes into the task message. */
  readonly heartbeatTimeoutMs: number | null;
  /** Name of the folder its tasks share (`workspace: run`), or null for a folder of its own. */
  readonly workspace: string | null;
  readonly createdAt: number;
  /** The task instance of an earlier run whose result this is; absent: it ran here. */
  readonly reusedFrom?: string;
}

/** The columns of a task instance that change. */
export interface TaskInstanceUpdate {
  readonly id: string;
  readonly status: TaskStatus;
  readonly reason: FailureReason | null;
  readonly skipReason: SkipReason | null;
  /** True when the last attempt ended in an error, whatever was made of it. */
  readonly failed: boolean;
  readonly attempt: number;
  readonly dispatch: number;
  /** Worker the task is bound to (workspace) or claimed by. */
  readonly worker: string | null;
  readonly session: string | null;
  readonly token: string | null;
  readonly readyAt: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** When PENDING: end of queueTimeout; when RUNNING: the backstop, a container's own time-out, or how long a cancelled task's worker has to answer. */
  readonly deadlineAt: number | null;
  /** What it waits for, as far as the engine knows; null when it goes on or is over. */
  readonly waitsFor: WaitsFor | null;
  /** undefined keeps what is stored. */
  readonly result?: Json;
  readonly error?: Failure | null;
  readonly logChunks?: number;
  /** New arguments and their limits, when they could only be resolved for a repeat. */
  readonly input?: Json;
  readonly timeoutMs?: number | null;
  readonly heartbeatTimeoutMs?: number | null;
}

/** A failed attempt that is going to be repeated. */
export interface AttemptRow {
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly worker: string | null;
  readonly startedAt: number | null;
  readonly finishedAt: number;
  readonly failure: Failure;
  readonly result?: Json;
  readonly logChunks?: number;
}

/** A wake-up call. */
export interface TimerRow {
  readonly id: string;
  readonly kind: 'retry' | 'delay' | 'teardown' | 'continue' | 'debug';
  readonly dueAt: number;
  readonly taskInstanceId: string | null;
}

/** Tell the worker that holds this attempt to stop it: TERM, then KILL after `graceMs`. */
export interface Cancel {
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly session: string;
  readonly reason: FailureReason;
  readonly graceMs: number;
}

/** One thing that became known about a run. `generation` counts how often it was opened, from 1; absent: 1. */
export type Fact = FactContent & { readonly generation?: number };

type FactContent =
  | {
      readonly type: 'instance';
      readonly status: ProcessStatus;
      readonly phase: Phase;
      readonly reason?: FailureReason | null;
      readonly message?: string | null;
    }
  | {
      readonly type: 'task';
      readonly id: string;
      readonly nodeId: string;
      readonly path: string;
      readonly visit: number;
      readonly status: TaskStatus;
      readonly attempt: number;
      readonly reason?: FailureReason | null;
      readonly message?: string | null;
    }
  | {
      readonly type: 'variables';
      readonly values: JsonObject;
      /** The task instance that wrote them; absent: an operator. */
      readonly taskInstanceId?: string;
    }
  | { readonly type: 'operation'; readonly name: string; readonly actor: string; readonly detail?: JsonObject };
