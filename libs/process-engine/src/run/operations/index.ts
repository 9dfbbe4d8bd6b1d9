import { isTerminalProcess } from '@orderlines/contracts';
import type { Operation, OperationEvent } from '../event.js';
import type { Turn } from '../turn.js';
import { answer } from './answer.js';
import { permitted } from './matrix.js';
import { pause } from './pause.js';
import { resume } from './resume.js';
import { stop } from './stop.js';

/** Operations on the run as a whole; an approval has rules of its own. */
type RunOperation = Exclude<Operation, { name: 'answer' }>;

/** Carries out an operation if the matrix allows it; one that is already so is accepted and changes nothing. */
export function operate(turn: Turn, { operation, actor }: OperationEvent): void {
  if (operation.name === 'answer') return answer(turn, operation);
  const { status, phase } = turn.run;
  const allowed = permitted(status, phase);
  if (isAlreadySo(turn, operation)) turn.changed = false;
  else if (!allowed.includes(operation.name)) return refuse(turn, operation, allowed);
  else {
    turn.facts.push({ type: 'operation', name: operation.name, actor });
    carryOut(turn, operation, actor);
  }
  turn.answer = { accepted: true, status: turn.run.status, runningTasks: runningTasks(turn) };
}

function isAlreadySo({ run }: Turn, { name }: RunOperation): boolean {
  if (name === 'stop') return run.status === 'STOP';
  if (name === 'pause') return run.status === 'PAUSED';
  return run.status === 'RUNNING';
}

function refuse(turn: Turn, { name }: RunOperation, allowed: readonly string[]): void {
  const { status, phase } = turn.run;
  const where = isTerminalProcess(status) ? `has ended with ${status}` : `is ${status} in phase ${phase}`;
  const instead = allowed.length > 0 ? ` Allowed now: ${allowed.join(', ')}.` : '';
  turn.changed = false;
  turn.answer = { accepted: false, status, message: `The run ${where}, so ${name} cannot be done.${instead}`, allowed };
}

function carryOut(turn: Turn, operation: RunOperation, actor: string): void {
  switch (operation.name) {
    case 'stop':
      return stop(turn, actor, operation.force ?? false);
    case 'pause':
      return pause(turn, actor);
    case 'resume':
      return resume(turn);
  }
}

const runningTasks = (turn: Turn): readonly string[] =>
  turn
    .openExecutions()
    .filter(({ session, callback }) => session !== undefined && !callback)
    .map(({ id }) => id);
