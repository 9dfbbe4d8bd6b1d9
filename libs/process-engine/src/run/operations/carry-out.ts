import type { Execution, Mutable } from '../document.js';
import type { TaskOperation } from '../event.js';
import type { Turn } from '../turn.js';
import { choose } from './choose.js';
import { failByHand } from './fail.js';
import { raiseHeld } from './raise.js';
import { retry } from './retry.js';
import { skipByHand } from './skip.js';
import { stopTask } from './stop-task.js';
import { succeedTask } from './succeed.js';

/** Does it, whether the execution has been going on or its run has just been opened again. Throws NodeFailed for values that do not fit. */
export function carryOutOnTask(turn: Turn, execution: Mutable<Execution>, operation: TaskOperation, actor: string): void {
  switch (operation.name) {
    case 'retry':
      return retry(turn, execution, operation.input);
    case 'skip':
      return skipByHand(turn, execution);
    case 'fail':
      return failByHand(turn, execution, actor, operation.message);
    case 'succeed':
      return succeedTask(turn, execution, operation.result);
    case 'stop':
      return stopTask(turn, execution, actor);
    case 'choose':
      return choose(turn, execution, operation.case);
    case 'raise':
      return raiseHeld(turn, execution);
  }
}
