import type { Failure, FailureReason, Json, JsonObject } from '@orderlines/contracts';

/** Reasons a task may give for its own failure: the user's work went wrong, the task type itself, or what it runs on. */
export type TaskFailureReason = Extract<FailureReason, 'user' | 'plugin' | 'infra'>;

/** A task's own failure: return it from `run` or throw it. What the task has reached until then goes along as `result`. */
export class TaskFailure extends Error implements Failure {
  readonly code?: string;
  readonly detail?: Json;
  /** What the task has reached; kept with the failure. */
  readonly result?: JsonObject;

  constructor(
    readonly reason: TaskFailureReason,
    message: string,
    more: { readonly code?: string; readonly detail?: Json; readonly result?: JsonObject } = {},
  ) {
    super(message);
    this.name = 'TaskFailure';
    if (more.code !== undefined) this.code = more.code;
    if (more.detail !== undefined) this.detail = more.detail;
    if (more.result !== undefined) this.result = more.result;
  }
}

/** A failure for `return failure('user', 'The build is red', { code: 'build.red', result: { url } })`. */
export const failure = (...given: ConstructorParameters<typeof TaskFailure>): TaskFailure => new TaskFailure(...given);

/** Longest stack kept in a failure's detail, in characters. */
const STACK_LENGTH = 8_000;

/** Anything a task has thrown as a failure; what is not a {@link TaskFailure} is a fault of the task type (`plugin`). */
export const failureFrom = (error: unknown): TaskFailure => {
  if (error instanceof TaskFailure) return error;
  if (!(error instanceof Error)) return new TaskFailure('plugin', `The task threw ${String(error)}`, { code: 'task.threw' });
  const detail = { stack: (error.stack ?? '').slice(0, STACK_LENGTH) };
  return new TaskFailure('plugin', error.message || error.name, { code: 'task.threw', detail });
};
