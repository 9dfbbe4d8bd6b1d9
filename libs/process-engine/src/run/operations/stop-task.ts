import { closeExecution } from '../close.js';
import type { Execution, Mutable } from '../document.js';
import type { Turn } from '../turn.js';

/** Stops one node, as a run is stopped: its worker has the grace to end it, then its scope ends with STOP; no strategy applies. */
export function stopTask(turn: Turn, execution: Mutable<Execution>, actor: string): void {
  closeExecution(turn, execution, { status: 'STOP', failure: { reason: 'stopped', message: `Stopped by ${actor}.` } });
}
