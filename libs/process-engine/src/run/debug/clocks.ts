import { startClocks, stopClocks } from '../clocks.js';
import { DEBUG_IDLE_MS } from '../limits.js';
import type { Turn } from '../turn.js';
import { stopped } from './stops.js';

/** At the begin of a turn the clocks that stand still go on, so that everything in it finds its deadlines; no time passes in a turn. */
export function resumeClocks(turn: Turn): void {
  const { debug, run, now, paused } = turn;
  if (!debug?.standing || paused) return;
  const { standing, ...session } = debug;
  turn.debug = session;
  if (standing.left !== undefined) run.deadlineAt = now + standing.left;
  startClocks(turn);
}

/**
 * At the end of a turn: while anything is stopped the clocks of the run, its containers and waits stand still, and a timer waits for a
 * word of the person who debugs.
 */
export function settleClocks(turn: Turn): void {
  if (!turn.debug) return;
  if (stopped(turn).length === 0) return clearIdle(turn);
  const { run, now } = turn;
  stopClocks(turn);
  const standing = run.deadlineAt === null ? {} : { left: run.deadlineAt - now };
  run.deadlineAt = null;
  turn.debug = { ...turn.debug, standing, idle: turn.debug.idle ?? turn.timers.set({ kind: 'debug', dueAt: now + DEBUG_IDLE_MS }) };
}

/** Somebody is there, or nobody is waited for: the session waits its full time again. */
export function clearIdle(turn: Turn): void {
  if (turn.debug?.idle === undefined) return;
  const { idle, ...session } = turn.debug;
  turn.timers.clear(idle);
  turn.debug = session;
}
