import type { CompiledDag, CompiledGroup } from '../../definition/compiled.js';
import { pathIn, pathOf } from '../paths.js';
import { openWithSetup } from '../phases.js';
import { markRunning } from '../attempts.js';
import { setDeadline } from '../policy/timeouts.js';
import { fail, stop, succeed } from '../settle.js';
import type { NodeBehaviour } from './behaviour.js';

/** Runs a nested flow, with setup and teardown of its own, or a dag, as one unit. */
export const group: NodeBehaviour<CompiledGroup | CompiledDag> = {
  begin(turn, node, execution) {
    setDeadline(turn, node, execution);
    markRunning(turn, execution);
    turn.tell(execution, pathOf(turn, execution));
    openWithSetup(turn, {
      id: turn.reserveScopes(1),
      parent: execution.scope,
      container: execution.id,
      owner: node.id,
      path: pathIn(turn.scope(execution.scope), node.id),
      ...(node.type === 'group' &&
        node.workspace && { workspace: { folder: `${turn.constants.header.id}-${execution.id}-${execution.attempt}` } }),
    });
  },

  laneEnded(turn, _node, execution, _scope, ended) {
    const ending = execution.cancelled ?? ended;
    delete execution.cancelled;
    if (ending.status === 'SUCCESS') succeed(turn, execution, ending.outputs ? { result: ending.outputs } : {});
    else if (ending.status === 'FAILURE') fail(turn, execution, ending.failure);
    else stop(turn, execution, ending.failure);
  },
};
