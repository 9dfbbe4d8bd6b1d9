import type { Execution, Mutable } from '../document.js';
import { raise } from '../settle.js';
import type { Turn } from '../turn.js';
import { rowOf } from './failed-attempt.js';

/** Lets a held node fail its scope with the failure it has. */
export function raiseHeld(turn: Turn, execution: Mutable<Execution>): void {
  const { error } = rowOf(turn, execution);
  raise(turn, execution, error ?? { reason: execution.reason ?? 'user', message: 'It failed.' });
}
