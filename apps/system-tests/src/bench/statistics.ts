/** Percentiles that every figure comes with, in milliseconds. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** The value below which this share (0–1) of the values lies, by nearest rank. */
export const percentile = (values: readonly number[], share: number): number => {
  if (values.length === 0) throw new Error('there is no percentile of nothing');
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
};

/** The three percentiles of some durations. */
export const percentiles = (milliseconds: readonly number[]): Percentiles => ({
  p50Ms: rounded(percentile(milliseconds, 0.5)),
  p95Ms: rounded(percentile(milliseconds, 0.95)),
  p99Ms: rounded(percentile(milliseconds, 0.99)),
});

/** A figure with as many digits as it deserves: three. */
export const rounded = (value: number): number => Number(value.toPrecision(3));
