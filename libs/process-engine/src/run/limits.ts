import type { Json } from '@orderlines/contracts';

/** Largest input of a task, bytes of JSON; more travels by reference. */
export const MAX_INPUT_BYTES = 256 * 1024;
/** Largest form that one person fills in, bytes of JSON. */
export const MAX_ANSWER_BYTES = 64 * 1024;
/** Largest value that expressions put together for one place, bytes of JSON; references in it count as such. */
export const MAX_MADE_BYTES = 4 * 1024 * 1024;
/** Largest stored value an expression looks into, bytes of JSON: what a batch can bear. */
export const MAX_OPENED_BYTES = 4 * 1024 * 1024;
/** The same for all values that one event makes expressions look into. */
export const MAX_OPENED_TOGETHER_BYTES = 16 * 1024 * 1024;
/** Largest sum of a run's variables, bytes of JSON. */
export const MAX_VARIABLES_BYTES = 1024 * 1024;
/** Steps of one transition before the rest is left to an immediate timer: so many facts still fit into one message. */
export const MAX_STEPS = 1_000;
/** Longest concurrency key, characters. */
export const MAX_KEY_TEXT = 200;
/** Code of the failure of a run that was stopped by force. */
export const FORCED = 'stop.forced';
/** Deliveries of an idempotent task lost in a row before the attempt counts as failed. */
export const MAX_LOSSES = 3;
/** A debug session that stands this long without a word from anybody is stopped. */
export const DEBUG_IDLE_MS = 3_600_000;
/** What the executor adds to timeout and grace before it believes a worker forgot its own time-out. */
export const BACKSTOP_MS = 10_000;
/** Code of a failure an operator asked for: no retry repeats it. */
export const FAILED_BY_HAND = 'operation.failed';
/** What a killed task's word may take to arrive after the grace is over. */
export const LAST_WORD_MS = 2_000;

const encoder = new TextEncoder();

/** True when a value's JSON in UTF-8 takes more than so many bytes. */
export function exceeds(value: Json, bytes: number): boolean {
  const text = JSON.stringify(value);
  if (text.length > bytes) return true;
  // A UTF-16 unit is three bytes at most, so most values need no encoding to be judged.
  return text.length * 3 > bytes && encoder.encode(text).length > bytes;
}
