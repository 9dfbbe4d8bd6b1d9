import type { Execution } from './document.js';

/** An execution that has begun to wait for a signal. */
export interface OpenedSignalWait {
  readonly taskInstanceId: string;
  readonly attempt: number;
  readonly name: string;
  readonly key: string;
}

/** An execution that waits for its signal no longer: it took one, or it ended in another way. */
export interface ClosedSignalWait {
  readonly taskInstanceId: string;
  readonly attempt: number;
  /** The signal it took; null: one that was meant for it is free again. */
  readonly signalId: string | null;
}

/** What changed in the waits of a run; found by comparing, so that no way of ending a wait can be forgotten. */
export interface SignalWaitChanges {
  readonly opened: readonly OpenedSignalWait[];
  readonly closed: readonly ClosedSignalWait[];
}

/** Compares executions as they were with what became of them. */
export function signalWaitChanges(pairs: Iterable<readonly [before: Execution | undefined, after: Execution]>): SignalWaitChanges {
  const opened: OpenedSignalWait[] = [];
  const closed: ClosedSignalWait[] = [];
  for (const [before, after] of pairs) {
    const was = before && waitOf(before);
    const is = waitOf(after);
    if (was?.attempt === is?.attempt) continue;
    if (was) closed.push({ taskInstanceId: was.taskInstanceId, attempt: was.attempt, signalId: after.signal ?? null });
    if (is) opened.push(is);
  }
  return { opened, closed };
}

function waitOf({ id, attempt, waitsFor }: Execution): OpenedSignalWait | undefined {
  return waitsFor?.kind === 'signal' ? { taskInstanceId: id, attempt, name: waitsFor.name, key: waitsFor.key } : undefined;
}
