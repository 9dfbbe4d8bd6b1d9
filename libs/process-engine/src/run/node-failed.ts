import type { Failure } from '@orderlines/contracts';

/** Thrown inside the engine when a node cannot go on; caught where the node's failure is dealt with. */
export class NodeFailed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = 'NodeFailed';
  }
}

/** Runs `work` and returns its value, or the failure a node met in it. */
export function attempted<T>(work: () => T): { readonly value: T } | { readonly failure: Failure } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof NodeFailed) return { failure: error.failure };
    throw error;
  }
}
