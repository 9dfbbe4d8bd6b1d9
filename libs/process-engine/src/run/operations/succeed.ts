import type { Json } from '@orderlines/contracts';
import { cancelAttempt } from '../close.js';
import type { Execution, Mutable } from '../document.js';
import { fitted } from '../large-values.js';
import { succeedByHand } from '../settle.js';
import type { Turn } from '../turn.js';
import { keepFailedAttempt } from './failed-attempt.js';

/** Takes a node as done with a given result. Its worker, if it has one, is told to stop. */
export function succeedTask(turn: Turn, execution: Mutable<Execution>, result: Json): void {
  const fitting = fitted(turn, result, 'result');
  if (execution.status === 'FAILURE') keepFailedAttempt(turn, execution);
  cancelAttempt(turn, execution, { reason: 'stopped', message: 'An operator took it as done.' }, turn.context.settings.graceMs);
  succeedByHand(turn, execution, fitting);
}
