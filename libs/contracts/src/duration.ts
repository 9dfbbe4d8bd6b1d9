const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
/** A year and a day: longer waits are mistakes, and timers must hold them. */
export const MAX_DURATION_MS = 366 * 86_400_000;

/** Milliseconds of a duration text such as `500ms`, `10s`, `5m`, `2h`, `1d`, `2w` or `1h30m`; undefined when it is none. */
export const parseDuration = (text: string): number | undefined => {
  if (text.length > 64 || !/^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|s|m|h|d|w)/g)) total += Number(amount) * (UNITS[unit ?? ''] ?? 0);
  return Math.round(total);
};
