import type { CompiledNode } from '../../definition/compiled.js';
import type { Ending, Execution, Mutable, Scope } from '../document.js';
import type { Turn } from '../turn.js';

/** What a node type does with the token. `begin` may throw NodeFailed before it has changed anything. */
export interface NodeBehaviour<N extends CompiledNode> {
  /** Begins an attempt. */
  begin(turn: Turn, node: N, execution: Mutable<Execution>): void;
  /** Its timer went off. */
  wake?(turn: Turn, node: N, execution: Mutable<Execution>): void;
  /** Its deadline passed while it was WAITING; without this it fails with `timeout.run`. */
  expire?(turn: Turn, node: N, execution: Mutable<Execution>): void;
  /** One of its scopes has ended. */
  laneEnded?(turn: Turn, node: N, execution: Mutable<Execution>, scope: Scope, ending: Ending): void;
}
