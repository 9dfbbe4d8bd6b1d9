import { MAX_DURATION_MS, parseDuration, type Json } from '@orderlines/contracts';
import { ValueError } from './operators.js';
import { nameOf } from './value.js';

/** Milliseconds of what an expression gave: a duration text, or a number of seconds; throws {@link ValueError}. */
export function durationFrom(value: Json): number {
  const milliseconds = typeof value === 'number' ? Math.round(value * 1000) : typeof value === 'string' ? parseDuration(value) : undefined;
  if (milliseconds === undefined) {
    const given = typeof value === 'string' ? `\`${value.slice(0, 40)}\`` : nameOf(value);
    throw new ValueError(`a duration such as \`500ms\`, \`10s\`, \`5m\`, \`2h\` or \`1d\`, or a number of seconds is needed, not ${given}`);
  }
  if (!(milliseconds >= 0 && milliseconds <= MAX_DURATION_MS)) {
    throw new ValueError(
      `a duration lies between 0 and 366 days, not ${typeof value === 'string' ? `\`${value}\`` : `${String(value)} s`}`,
    );
  }
  return milliseconds;
}

/** Milliseconds of a duration after which something is over, so that there must be some; throws {@link ValueError}. */
export function limitFrom(value: Json): number {
  const milliseconds = durationFrom(value);
  if (milliseconds === 0) throw new ValueError('a limit of 0 ends everything before it begins; leave the key out, or write a longer one');
  return milliseconds;
}
