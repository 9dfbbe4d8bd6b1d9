import type { CompiledGroup, CompiledNode, CompiledParallel } from '../definition/compiled.js';

/** True for nodes that run flows of their own. */
export const isContainer = (node: CompiledNode): node is CompiledGroup | CompiledParallel =>
  node.type === 'group' || node.type === 'parallel';
