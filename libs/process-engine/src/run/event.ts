import type { DebugAction, DebugStops, Failure, FailureReason, Json, JsonObject, Problem } from '@orderlines/contracts';
import type { TaskInstanceRow } from './changes.js';
import type { Person } from './approval/candidates.js';
import type { SlotVerdict } from './slots.js';
import type { Tally } from './approval/tally.js';

/** Something that happened to one run: the only way to change it. */
export type RunEvent =
  | StartEvent
  | ClaimEvent
  | FinishedEvent
  | LostEvent
  | TimerEvent
  | DeadlineEvent
  | ProcessDeadlineEvent
  | WorkspaceLostEvent
  | SignalEvent
  | ChildEvent
  | SlotEvent
  | OperationEvent;

/** Makes the run; always the first event. Params are already checked and converted. */
export interface StartEvent {
  readonly kind: 'start';
  /** Present: the run is debugged and stops there. */
  readonly debug?: DebugStops;
  readonly run: RunHeader;
  readonly params: JsonObject;
  /** Variables of the namespace that the process reads, as they are now; absent: it reads none. */
  readonly config?: JsonObject;
  /** What it takes over of an earlier run. */
  readonly rerun?: Rerun;
}

/** A new run that begins at a node of the root flow, with what an earlier run had done before. */
export interface Rerun {
  readonly from: string;
  /** As they were when the node was last entered. */
  readonly variables: JsonObject;
  /** Task instances of the earlier run whose results are copied, in the order they came to be; containers before what ran inside. */
  readonly reused: readonly TaskInstanceRow[];
}

/** Facts of a run that never change and that expressions see as `run`. */
export interface RunHeader {
  readonly id: string;
  readonly number: number;
  readonly namespace: string;
  readonly process: string;
  readonly version: number;
  readonly startedBy: string;
  /** `manual`, `schedule`, `event`, `webhook`, `cli`, `grpc`, `restart` … */
  readonly origin: string;
  /** Epoch milliseconds of the slot a schedule fired for, else of the start. */
  readonly logicalTime: number;
  readonly url: string;
}

/** A worker asks to start an attempt. Answered by {@link ClaimAnswer}. */
export interface ClaimEvent {
  readonly kind: 'claim';
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly dispatch: number;
  readonly session: string;
  readonly worker: string;
  /** The queue whose subject the claim came on: its worker may take no other queue's tasks. Absent: not checked. */
  readonly queue?: string;
  /** What the worker's task type declares. */
  readonly idempotent: boolean;
}

/** A worker's word on how an attempt ended; fenced by the claim's token. */
export interface FinishedEvent {
  readonly kind: 'finished';
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly dispatch: number;
  readonly token: string;
  readonly outcome:
    | { readonly status: 'SUCCESS'; readonly result: Json }
    | { readonly status: 'FAILURE'; readonly failure: Failure; readonly result?: Json }
    | { readonly status: 'STOP'; readonly result?: Json };
  /** Variables the task wrote through `$ORDERLINES_VARIABLES`. */
  readonly variables?: JsonObject;
  /** Number of log chunks of the attempt: a reader knows when the log is whole. */
  readonly logChunks?: number;
  /** Who says so. */
  readonly worker?: string;
}

/** A claimed attempt that its live worker no longer names, or whose lease ran out. */
export interface LostEvent {
  readonly kind: 'lost';
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly dispatch: number;
  readonly token: string;
  readonly message: string;
}

/** A due row of the timer table. */
export interface TimerEvent {
  readonly kind: 'timer';
  readonly timerId: string;
}

/** A task instance's deadline passed: `queue` while PENDING, `run` (the backstop, or a container's own) afterwards. */
export interface DeadlineEvent {
  readonly kind: 'deadline';
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly reason: Extract<FailureReason, `timeout.${string}`>;
}

/** The run's own time-out passed. */
export interface ProcessDeadlineEvent {
  readonly kind: 'process-deadline';
}

/** The worker that holds a shared folder of this run has been away for longer than `workspaceGrace` (2 min). */
export interface WorkspaceLostEvent {
  readonly kind: 'workspace-lost';
  readonly worker: string;
}

/** A signal was found for a wait of this run. */
export interface SignalEvent {
  readonly kind: 'signal';
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly signalId: string;
  readonly payload: Json;
}

/** How it stands with the run that a `process` node asked for. */
export interface ChildEvent {
  readonly kind: 'child';
  readonly taskInstanceId: string;
  /** The run that is meant: an earlier attempt asked for another one. */
  readonly instanceId: string;
  readonly outcome:
    | { readonly status: 'STARTED' }
    | { readonly status: 'SUCCESS'; readonly outputs: JsonObject }
    /** It ended so, or it could not be started. */
    | { readonly status: 'FAILURE' | 'STOP'; readonly failure: Failure };
}

/** Whether a run has got its slot, or has to end for the sake of another run's. Decided under the lock of the key. */
export interface SlotEvent {
  readonly kind: 'slot';
  readonly verdict: SlotVerdict;
}

/** Something a person or a program asks of a run. Answered by {@link OperationAnswer}. */
export interface OperationEvent {
  readonly kind: 'operation';
  readonly operation: Operation;
  readonly actor: string;
}

/** Operations on a run that has been started. */
export type Operation = RunOperation | EventOperation | TaskOperation | AnswerOperation | DebugOperation;

/** Operations on a run as a whole. */
export type RunOperation =
  | { readonly name: 'stop'; readonly force?: boolean | undefined }
  | { readonly name: 'pause' }
  | { readonly name: 'resume' }
  | { readonly name: 'set-variable'; readonly values: JsonObject };

/** A person lets an event that could not be applied be tried again, or drops it: the executor does it, the run notes it. */
export interface EventOperation {
  readonly name: 'retry-event' | 'drop-event';
  readonly eventId: string;
}

/** Operations on a task instance; the attempt that is meant must be the current one, so that a repeat does nothing twice. */
export type TaskOperation = { readonly taskInstanceId: string; readonly attempt: number } & (
  | {
      readonly name: 'retry';
      /** Arguments instead of those the definition gives; tasks only. */
      readonly input?: JsonObject | undefined;
    }
  | { readonly name: 'skip' }
  | { readonly name: 'fail'; readonly message?: string | undefined }
  | { readonly name: 'succeed'; readonly result: Json }
  | { readonly name: 'stop' }
  | {
      readonly name: 'choose';
      /** Name or number of the case, or `default`. */
      readonly case: string;
    }
  | { readonly name: 'raise' }
);

/** A person does something at a stop of a debugged run. */
export interface DebugOperation {
  readonly name: 'debug';
  readonly action: DebugAction;
}

/** A person answers an approval. The task instance must be one of the run. */
export interface AnswerOperation {
  readonly name: 'answer';
  readonly taskInstanceId: string;
  /** The round that is meant; absent: the current one. */
  readonly attempt?: number | undefined;
  readonly decision: 'approve' | 'reject';
  readonly comment: string;
  /** The form, as it was filled in. */
  readonly values: JsonObject;
  readonly person: Person;
}

/** Answer to a claim. */
export type ClaimAnswer =
  | {
      readonly granted: true;
      readonly token: string;
      /** The run's params and current variables, for `$ORDERLINES_INPUT`. */
      readonly params: JsonObject;
      readonly variables: JsonObject;
    }
  | {
      readonly granted: false;
      /** `stopped | paused | superseded | taken | elsewhere | unknown`. */
      readonly refusal: string;
    };

/** Answer to an operation. */
export type OperationAnswer =
  | {
      readonly accepted: true;
      readonly status: string;
      readonly runningTasks: readonly string[];
      /** How far the answered approval has come. */
      readonly approval?: Tally;
    }
  | {
      readonly accepted: false;
      readonly status: string;
      readonly message: string;
      readonly allowed: readonly string[];
      /** Stable code; absent: the run's status does not allow it. */
      readonly code?: string;
      /** What is wrong with the values that were given. */
      readonly problems?: readonly Problem[];
    };
