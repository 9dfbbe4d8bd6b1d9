import { type Execution, type Mutable } from '../document.js';
import { skip } from '../settle.js';
import type { Turn } from '../turn.js';
import { keepFailedAttempt } from './failed-attempt.js';

/** Passes over a node that waits or has failed; the flow goes on. What a worker is offered of it is refused. */
export function skipByHand(turn: Turn, execution: Mutable<Execution>): void {
  if (execution.status === 'FAILURE') keepFailedAttempt(turn, execution);
  skip(turn, execution, 'operator');
}
