import { closeRun } from '../close.js';
import type { RunEvent } from '../event.js';
import { operate } from '../operations/index.js';
import { timeoutFailure } from '../policy/timeouts.js';
import type { Turn } from '../turn.js';
import { child } from './child.js';
import { claim } from './claim.js';
import { deadline } from './deadline.js';
import { finished, holds } from './finished.js';
import { lose } from './lost.js';
import { signal } from './signal.js';
import { slot } from './slot.js';
import { start } from './start.js';
import { timer } from './timer.js';
import { workspaceLost } from './workspace-lost.js';

/** Applies one event; one that is late, repeated or of an earlier attempt leaves the turn unchanged. */
export function applyEvent(turn: Turn, event: RunEvent): void {
  switch (event.kind) {
    case 'start':
      return start(turn, event);
    case 'claim':
      return claim(turn, event);
    case 'finished':
      return finished(turn, event);
    case 'lost':
      if (holds(turn.findExecution(event.taskInstanceId), event)) {
        return lose(turn, turn.execution(event.taskInstanceId), { reason: 'infra', message: event.message });
      }
      turn.changed = false;
      return;
    case 'timer':
      return timer(turn, event);
    case 'deadline':
      return deadline(turn, event);
    case 'process-deadline':
      return processDeadline(turn);
    case 'workspace-lost':
      return workspaceLost(turn, event);
    case 'signal':
      return signal(turn, event);
    case 'child':
      return child(turn, event);
    case 'slot':
      return slot(turn, event);
    case 'operation':
      return operate(turn, event);
  }
}

function processDeadline(turn: Turn): void {
  const { deadlineAt } = turn.run;
  turn.changed = deadlineAt !== null && deadlineAt <= turn.now;
  if (turn.changed)
    closeRun(turn, { status: 'FAILURE', failure: { ...timeoutFailure('timeout.run'), message: 'The run took longer than its timeout.' } });
}
