/** A finite number, or the text of one as text boxes sent it; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

/** Seconds as a duration: `2m`, `90s`, `500ms`. */
export function durationOf(seconds: number): string {
  if (seconds === 0) return '0s';
  // Never rounded down to nothing: no time at all would be another thing than a very short one.
  const milliseconds = Math.max(1, Math.round(seconds * 1000));
  const unit = UNITS.find(([, size]) => milliseconds % size === 0);
  return unit === undefined ? `${milliseconds}ms` : `${milliseconds / unit[1]}${unit[0]}`;
}
