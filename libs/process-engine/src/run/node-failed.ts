import { type Failure, storableText } from '@orderlines/contracts';

/** Longest message of a failure, characters: it stands in every fact that tells of it. */
const MAX_MESSAGE = 4_000;

/** The message of a failure as it can be stored and sent: a value in it may have been cut in the middle of a character, or be long. */
export const messageOf = (text: string): string => storableText(text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text);

/** Thrown inside the engine when a node cannot go on; caught where the node's failure is dealt with. */
export class NodeFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'NodeFailed';
    this.failure = { ...failure, message: messageOf(failure.message) };
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
