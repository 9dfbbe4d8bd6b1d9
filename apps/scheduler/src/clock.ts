/** Where the scheduler reads the time: it never asks the database or the system itself, so that tests may let years pass. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/** The clock of the machine. */
export const SYSTEM_CLOCK: Clock = { now: () => Date.now() };
