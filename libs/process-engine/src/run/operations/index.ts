import type { OperationEvent } from '../event.js';
import type { Turn } from '../turn.js';
import { answer } from './answer.js';
import { debug } from './debug.js';
import { noteEvent } from './note-event.js';
import { operateOnRun } from './on-run.js';
import { operateOnTask } from './on-task.js';

/** Carries out an operation if the table allows it, and answers. */
export function operate(turn: Turn, { operation, actor }: OperationEvent): void {
  if (operation.name === 'answer') answer(turn, operation);
  else if (operation.name === 'debug') debug(turn, operation.action, actor);
  else if ('eventId' in operation) noteEvent(turn, operation, actor);
  else if ('taskInstanceId' in operation) operateOnTask(turn, operation, actor);
  else operateOnRun(turn, operation, actor);
}
