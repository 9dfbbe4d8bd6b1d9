import type { FailureReason, Json, JsonObject, LogLevel } from '@orderlines/contracts';

/** Why and how a running task has to stop; the `reason` of its abort signal. */
export class StopOrder {
  constructor(
    readonly reason: Extract<FailureReason, 'stopped' | 'timeout.run' | 'timeout.heartbeat' | 'infra'>,
    /** One sentence for people. */
    readonly message: string,
    /** Milliseconds between a polite TERM and KILL. */
    readonly graceMs: number,
  ) {}
}

/** The worker's list of process groups: what is on it dies with the task, and with the worker. */
export interface ProcessGroups {
  /** A task has started a group; its id is the process id of its leader, `mark` the value of `ORDERLINES_COMMAND` in its environment. */
  started(groupId: number, mark: string): void;
  /** The group is gone. */
  ended(groupId: number): void;
}

/** What a running task sees of the world. */
export interface TaskContext {
  readonly taskInstanceId: string;
  /** From 1; higher when the node's `retry` repeats it. */
  readonly attempt: number;
  readonly node: { readonly id: string; readonly name: string; readonly path: string; readonly visit: number };
  readonly run: {
    readonly id: string;
    readonly number: number;
    readonly process: string;
    readonly version: number;
    readonly namespace: string;
    readonly url: string;
  };
  /** Parameters of the run; empty unless the task type `wantsVariables`. */
  readonly params: JsonObject;
  /** Process variables when the task started; empty unless the task type `wantsVariables`. */
  readonly variables: JsonObject;
  /** Absolute path; shared by the tasks of a run with `workspace: run`, else the task's own and emptied afterwards. */
  readonly workFolder: string;
  /** Absolute path of a folder for the task type's own files (scripts, results), removed when the task has ended. */
  readonly stateFolder: string;
  /** Aborted when the task has to stop: cancelled, out of time, or its worker is cut off. Its reason is a {@link StopOrder}. */
  readonly signal: AbortSignal;
  readonly processGroups: ProcessGroups;
  /** Writes a line of the task's log. Resolves when there is room for more: a task that writes much must wait for it, or lines are dropped. */
  log(level: LogLevel, text: string): Promise<void>;
  /** Says that the task is alive (`heartbeatTimeout`); a log line says so too. */
  heartbeat(): void;
  /** Sets a process variable when the task has ended, also when it failed. */
  setVariable(name: string, value: Json): void;
  /** Path of a program; throws a {@link TaskFailure} that names it and says how to install it. */
  interpreter(name: string): Promise<string>;
}
