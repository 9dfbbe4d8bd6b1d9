/** States of a process instance, as stored, sent and shown. */
export const PROCESS_STATUSES = ['PENDING', 'RUNNING', 'PAUSED', 'SUCCESS', 'FAILURE', 'STOP'] as const;
/** State of a process instance. */
export type ProcessStatus = (typeof PROCESS_STATUSES)[number];

/** States of a task instance (one execution of one node), as stored, sent and shown. */
export const TASK_STATUSES = ['PENDING', 'RUNNING', 'WAITING', 'RETRY', 'SUCCESS', 'FAILURE', 'SKIP', 'STOP'] as const;
/** State of a task instance. */
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** Why a run or a node ended badly. */
export const FAILURE_REASONS = [
  'user',
  'plugin',
  'expression',
  'timeout.run',
  'timeout.queue',
  'timeout.heartbeat',
  'infra',
  'stopped',
  'policy',
] as const;
/** Reason that a terminal failure carries. */
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** Why a node was skipped; in a dag successors tell them apart. */
export const SKIP_REASONS = ['condition', 'disabled', 'ignored', 'operator', 'upstream'] as const;
/** Reason that a SKIP carries. */
export type SkipReason = (typeof SKIP_REASONS)[number];

/** Phases of a run beside its status. */
export const PHASES = ['queued', 'setup', 'body', 'stopping', 'teardown', 'done'] as const;
/** Phase of a run: `stopping` and `teardown` go on while a stop is carried out. */
export type Phase = (typeof PHASES)[number];

/** True for the states a process instance never leaves by itself. */
export const isTerminalProcess = (status: ProcessStatus): boolean => status === 'SUCCESS' || status === 'FAILURE' || status === 'STOP';

/** True for the states a task instance never leaves by itself. */
export const isTerminalTask = (status: TaskStatus): boolean =>
  status === 'SUCCESS' || status === 'FAILURE' || status === 'SKIP' || status === 'STOP';
