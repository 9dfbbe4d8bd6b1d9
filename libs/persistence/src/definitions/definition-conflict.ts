/** Why a definition could not be stored. */
export type DefinitionConflictCode =
  /** The draft was saved by somebody else since it was read, or is there although it must not be. */
  | 'draft.changed'
  /** There is no draft to publish. */
  | 'draft.missing'
  /** Another process of the namespace has that name. */
  | 'process.name-taken'
  /** Another process of the namespace has that `process_id` of the older format. */
  | 'process.legacy-id-taken'
  /** Several namespaces hold a process with that `process_id`. */
  | 'process.ambiguous'
  /** The process is not there, or was removed. */
  | 'process.missing';

/** The stored state does not allow the change; nothing was stored. */
export class DefinitionConflict extends Error {
  constructor(
    readonly code: DefinitionConflictCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DefinitionConflict';
  }
}

/** Several namespaces hold what only names a `process_id`. */
export const ambiguousProcess = (reference: string): DefinitionConflict =>
  new DefinitionConflict('process.ambiguous', `Several namespaces hold a process "${reference}": name it as namespace/name.`);
