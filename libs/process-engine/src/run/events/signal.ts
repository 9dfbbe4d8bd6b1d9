import type { SignalEvent } from '../event.js';
import { succeed } from '../settle.js';
import type { Turn } from '../turn.js';

/** A signal has come for a wait. One for a wait that is over means nothing any more: the signal is free again, or was used. */
export function signal(turn: Turn, { taskInstanceId, attempt, signalId, payload }: SignalEvent): void {
  const known = turn.findExecution(taskInstanceId);
  if (known?.waitsFor?.kind !== 'signal' || known.attempt !== attempt) {
    turn.changed = false;
    return;
  }
  const execution = turn.execution(taskInstanceId);
  execution.signal = signalId;
  succeed(turn, execution, { result: payload });
}
