import type { CompiledDag, CompiledForeach, CompiledGroup, CompiledNode, CompiledParallel } from '../definition/compiled.js';

/** Types of nodes that run flows of their own. */
export const CONTAINER_TYPES: ReadonlySet<string> = new Set<CompiledNode['type']>(['group', 'parallel', 'dag', 'foreach']);

/** True for nodes that run flows of their own. */
export const isContainer = (node: CompiledNode): node is CompiledGroup | CompiledParallel | CompiledDag | CompiledForeach =>
  CONTAINER_TYPES.has(node.type);
