import type { CompiledAssign } from '../../definition/compiled.js';
import { succeed } from '../settle.js';
import type { NodeBehaviour } from './behaviour.js';

/** Writes its `set`, which every node does when it succeeds. */
export const assign: NodeBehaviour<CompiledAssign> = {
  begin: (turn, _node, execution) => succeed(turn, execution, {}),
};
