import type { CompiledChild } from '../../definition/compiled.js';
import { closeChild } from '../close.js';
import { evaluate } from '../expressions.js';
import { fitted } from '../large-values.js';
import { pathOf } from '../paths.js';
import { setDeadline, timeoutFailure } from '../policy/timeouts.js';
import type { Turn } from '../turn.js';
import { waitFor } from '../waiting.js';
import type { NodeBehaviour } from './behaviour.js';

/** Asks for a run of another process, under an id of this attempt's choosing: asked twice, it is started once. */
export const processNode: NodeBehaviour<CompiledChild> = {
  begin(turn: Turn, node, execution) {
    const input = fitted(turn, evaluate(turn, execution.scope, node.inputs), 'input');
    setDeadline(turn, node, execution);
    execution.status = 'WAITING';
    waitFor(turn, execution, { kind: 'child', instanceId: turn.context.newId() });
    turn.detail(execution.id, { input });
    turn.tell(execution, pathOf(turn, execution));
  },
  expire: (_turn, _node, execution) => closeChild(execution, { status: 'FAILURE', failure: timeoutFailure('timeout.run') }),
};
