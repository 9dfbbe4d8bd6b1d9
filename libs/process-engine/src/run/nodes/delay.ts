import type { CompiledDelay } from '../../definition/compiled.js';
import { instantOf } from '../../variables/functions/dates.js';
import { ValueError } from '../../variables/operators.js';
import { evaluate } from '../expressions.js';
import { NodeFailed } from '../node-failed.js';
import { pathOf } from '../paths.js';
import { evaluateDuration } from '../policy/durations.js';
import { setDeadline } from '../policy/timeouts.js';
import { succeed } from '../settle.js';
import type { Turn } from '../turn.js';
import { timestamp, waitFor } from '../waiting.js';
import type { NodeBehaviour } from './behaviour.js';

/** Waits for a time, by a timer. */
export const delay: NodeBehaviour<CompiledDelay> = {
  begin(turn, node, execution) {
    const wakeAt = wakeTime(turn, node, execution.scope);
    if (wakeAt <= turn.now) return succeed(turn, execution, {});
    setDeadline(turn, node, execution);
    execution.status = 'WAITING';
    execution.timer = turn.timers.set({ kind: 'delay', execution: execution.id, dueAt: wakeAt });
    waitFor(turn, execution, { kind: 'timer', until: timestamp(wakeAt) });
    turn.tell(execution, pathOf(turn, execution));
  },
  wake: (turn, _node, execution) => succeed(turn, execution, {}),
};

function wakeTime(turn: Turn, node: CompiledDelay, scope: number): number {
  if (node.for) return turn.now + evaluateDuration(turn, scope, node.for, `for of ${node.id}`);
  const until = node.until ? evaluate(turn, scope, node.until) : null;
  try {
    return instantOf(until);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new NodeFailed({ reason: 'expression', code: 'expression.not-a-time', message: `until of ${node.id}: ${error.message}.` });
  }
}
