import type { Turn } from '../turn.js';
import { clearIdle } from './clocks.js';
import { begin } from './leave.js';
import { stopped } from './stops.js';

/** The run is being ended: it stops for nobody any more, and what still stands stopped (in a teardown) goes on. */
export function endSession(turn: Turn): void {
  if (!turn.debug) return;
  clearIdle(turn);
  turn.debug = undefined;
  for (const { id } of stopped(turn)) begin(turn, turn.execution(id));
}
