import type { Sequence } from './sequence.js';

/** Moments that lie whole intervals from one of them, before and after it: elapsed time, whatever clocks show. */
export const intervalSequence = (everyMs: number, phase: number): Sequence => ({
  next: (after) => phase + (Math.floor((after - phase) / everyMs) + 1) * everyMs,
});

/** One moment. */
export const dateSequence = (at: number): Sequence => ({ next: (after) => (after < at ? at : null) });
