import type { ProcessStatus, TaskStatus } from '@orderlines/contracts';

/** Every status that a run or a task instance can have. */
export type Status = ProcessStatus | TaskStatus;

/** How a status looks: the name of its colour in `styles/_tokens.scss` and its icon; the word is `status.<STATUS>`. */
export interface StatusLook {
  readonly tone: string;
  readonly icon: string;
}

/** One table for lists, graph, Gantt, charts and reports. */
export const STATUS_LOOKS: Readonly<Record<Status, StatusLook>> = {
  PENDING: { tone: 'pending', icon: 'clock-circle' },
  RUNNING: { tone: 'running', icon: 'loading' },
  PAUSED: { tone: 'paused', icon: 'pause-circle' },
  WAITING: { tone: 'waiting', icon: 'hourglass' },
  RETRY: { tone: 'retry', icon: 'redo' },
  SUCCESS: { tone: 'success', icon: 'check-circle' },
  FAILURE: { tone: 'failure', icon: 'close-circle' },
  SKIP: { tone: 'skip', icon: 'step-forward' },
  STOP: { tone: 'stop', icon: 'stop' },
};

/** The look of a status; one that is not known looks like nothing has happened yet. */
export const lookOf = (status: string): StatusLook => STATUS_LOOKS[status as Status] ?? STATUS_LOOKS.PENDING;
