import type { Turn } from '../turn.js';
import { goOn } from '../unpause.js';

/** Everything the pause held back goes on, and the run's clock. */
export function resume(turn: Turn): void {
  const { run, now, paused } = turn;
  turn.paused = undefined;
  run.status = 'RUNNING';
  run.waitsFor = null;
  if (paused?.left !== undefined) run.deadlineAt = now + paused.left;
  turn.tellRun();
  goOn(turn);
}
