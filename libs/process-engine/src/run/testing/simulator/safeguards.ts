/** What makes the platform safe; the simulator can take one away at a time, to show that it would notice. */
export const SAFEGUARDS = [
  /** A worker asks before it starts an attempt, and starts only what was granted. */
  'claim',
  /** Words of workers count only for the attempt and claim they speak of. */
  'fencing',
  /** What a crash kept from being published is found in the rows and published again. */
  'sweeper',
  /** Nothing is published, answered or acknowledged before the commit. */
  'commit before publish',
  /** One transaction at a time works on a run. */
  'row lock',
  /** One transaction at a time decides which of the runs with a concurrency key goes on. */
  'key lock',
  /** Attempts of workers that are gone are found and ended. */
  'lease check',
  /** Due times are events like any other: they are decided on the run as it is, in a batch, after what is older. */
  'time-outs through the batch',
] as const;

/** One of {@link SAFEGUARDS}. */
export type Safeguard = (typeof SAFEGUARDS)[number];
