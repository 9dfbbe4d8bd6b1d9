/** Moments of a trigger in ascending order, all of them whole seconds; a pure function of the trigger. */
export interface Sequence {
  /** Epoch milliseconds of the first one after a moment; null: there is none. */
  next(after: number): number | null;
}
