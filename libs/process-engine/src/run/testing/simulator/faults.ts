import type { Chance } from './chance.js';

/** How often things go wrong, as probabilities of one message or step, and the means between greater accidents in milliseconds. */
export interface Faults {
  readonly loss: number;
  readonly duplicate: number;
  /** A message takes up to 2 s instead of up to 5 ms, so that others overtake it. */
  readonly late: number;
  /** An executor dies at one of the points around its commit. */
  readonly crash: number;
  /** An executor stands still inside a batch. */
  readonly freeze: number;
  /** An acknowledged message comes again as if it were new. */
  readonly resurrection: number;
  /** A copy that the duplicate window no longer knows. */
  readonly copy: number;
  readonly accidentEveryMs: number;
}

/** Nothing goes wrong. */
export const NO_FAULTS: Faults = { loss: 0, duplicate: 0, late: 0, crash: 0, freeze: 0, resurrection: 0, copy: 0, accidentEveryMs: 0 };

/** Faults of one simulation: some worlds are rough in one way only, so that one fault does not hide another. */
export function anyFaults(chance: Chance): Faults {
  const some = (most: number): number => (chance.hits(0.5) ? chance.next() * most : 0);
  return {
    loss: some(0.15),
    duplicate: some(0.15),
    late: some(0.15),
    crash: some(0.06),
    freeze: some(0.04),
    resurrection: some(0.2),
    copy: some(0.2),
    accidentEveryMs: chance.between(4_000, 30_000),
  };
}
