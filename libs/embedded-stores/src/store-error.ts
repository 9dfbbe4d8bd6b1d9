/** What can keep a store from being started or stopped; callers show the message and never match on its text. */
export type StoreErrorCode =
  | 'store.in-use'
  | 'store.folder-unusable'
  | 'store.data-broken'
  | 'store.port-taken'
  | 'store.program-missing'
  | 'store.no-user'
  | 'store.not-started'
  | 'store.not-stopped';

/** A store that cannot be started or stopped, told to the person who can do something about it. */
export class StoreError extends Error {
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StoreError';
  }
}
