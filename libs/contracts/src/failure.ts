import type { FailureReason } from './status.js';
import type { Json } from './json.js';

/** What went wrong in a node or a run, for people and for expressions (`tasks.x.error`). */
export interface Failure {
  readonly reason: FailureReason;
  /** One sentence a person can act on. */
  readonly message: string;
  /** Stable machine-readable code, when there is one. */
  readonly code?: string;
  /** More about it: stack of the task's own exception, exit code, expression and position. */
  readonly detail?: Json;
}
