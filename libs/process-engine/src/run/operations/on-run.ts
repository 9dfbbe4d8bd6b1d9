import { isTerminalProcess } from '@orderlines/contracts';
import type { RunOperation } from '../event.js';
import type { Turn } from '../turn.js';
import { setVariables } from '../variables.js';
import { accept, carriedOut, insteadOf, refuse } from './answers.js';
import { allowedOnRun, RUN_RULES, runStanding } from './matrix.js';
import { pause } from './pause.js';
import { resume } from './resume.js';
import { stop } from './stop.js';

/** An operation on the run as a whole; one that is already so is accepted and changes nothing. */
export function operateOnRun(turn: Turn, operation: RunOperation, actor: string): void {
  const { status, phase } = turn.run;
  const allowed = allowedOnRun(runStanding(status, phase), turn.debug !== undefined);
  if (isAlreadySo(turn, operation)) {
    turn.changed = false;
    return accept(turn);
  }
  if (!allowed.includes(operation.name)) {
    const where = isTerminalProcess(status) ? `has ended with ${status}` : `is ${status} in phase ${phase}`;
    const { needs } = RUN_RULES[operation.name];
    return refuse(turn, `The run ${where}: ${operation.name} needs ${needs}.${insteadOf(allowed)}`, allowed);
  }
  carriedOut(turn, allowed, () => carryOut(turn, operation, actor));
}

function isAlreadySo({ run }: Turn, { name }: RunOperation): boolean {
  if (name === 'stop') return run.status === 'STOP';
  if (name === 'pause') return run.status === 'PAUSED';
  return name === 'resume' && run.status === 'RUNNING';
}

function carryOut(turn: Turn, operation: RunOperation, actor: string): void {
  const { name } = operation;
  turn.facts.push({ type: 'operation', name, actor });
  switch (name) {
    case 'stop':
      return stop(turn, actor, operation.force ?? false);
    case 'pause':
      return pause(turn, actor);
    case 'resume':
      return resume(turn);
    case 'set-variable':
      return setVariables(turn, operation.values);
  }
}
