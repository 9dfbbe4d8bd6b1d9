import { closeScope } from '../close.js';
import type { Ending, Execution, Lanes, Mutable } from '../document.js';
import { fail, stop } from '../settle.js';
import type { Turn } from '../turn.js';

/** Lanes of a container that begins. */
export const newLanes = (turn: Turn, count: number): Lanes => ({
  first: turn.reserveScopes(count),
  started: 0,
  running: 0,
  succeeded: 0,
  failed: 0,
});

/** Counts a lane that has ended. One that was stopped is a failed one, unless its container stopped it. */
export function countLane({ cancelled, lanes }: Execution, ending: Ending): Lanes {
  const before = lanes as Lanes;
  const running = before.running - 1;
  if (ending.status === 'SUCCESS') return { ...before, running, succeeded: before.succeeded + 1 };
  if (ending.status === 'STOP' && (cancelled || before.decided)) return { ...before, running };
  return { ...before, running, failed: before.failed + 1, failure: before.failure ?? ending.failure };
}

/** The container's outcome is known: what still runs in it is stopped, and waited for. */
export function decideLanes(turn: Turn, execution: Mutable<Execution>, decided: 'met' | 'missed', message: string): void {
  execution.lanes = { ...(execution.lanes as Lanes), decided };
  delete execution.deadlineAt;
  for (const { id } of turn.scopesOf(execution.id)) closeScope(turn, id, { status: 'STOP', failure: { reason: 'stopped', message } });
}

/** How many lanes may be opened now. */
export const roomFor = ({ started, running }: Lanes, count: number, concurrency: number): number =>
  Math.min(count - started, Math.max(1, concurrency) - running);

/** Ends a container that was ended from outside, now that its lanes have ended. False when nobody did. */
export function endAsCancelled(turn: Turn, execution: Mutable<Execution>): boolean {
  const ending = execution.cancelled;
  delete execution.cancelled;
  if (ending?.status === 'STOP') stop(turn, execution, ending.failure);
  if (ending?.status === 'FAILURE') fail(turn, execution, ending.failure);
  return ending !== undefined;
}
