import {
  digestOf,
  INLINE_LIMIT_BYTES,
  readableBytes,
  referencesIn,
  splitValue,
  VALUE_LIMIT_BYTES,
  type Json,
  type LargeValue,
} from '@orderlines/contracts';
import { sha256 } from '../variables/functions/sha256.js';
import { ValueError } from '../variables/operators.js';
import { RowsNeeded } from './context.js';
import { exceeds, MAX_MADE_BYTES, MAX_OPENED_BYTES, MAX_OPENED_TOGETHER_BYTES } from './limits.js';
import { NodeFailed } from './node-failed.js';
import type { Turn } from './turn.js';

/**
 * The whole of a value that stands as a reference, for an expression that looks into it.
 * @throws ValueError when it is too large for that or not stored, RowsNeeded when it must be loaded first.
 */
export function openValue(turn: Turn, value: LargeValue): Json {
  if (value.bytes > MAX_OPENED_BYTES) {
    throw new ValueError(
      `a value of ${readableBytes(value.bytes)} can be passed on as a whole, but expressions look into ${readableBytes(MAX_OPENED_BYTES)} at most; do this work in a task`,
    );
  }
  turn.opened.set(digestOf(value), value.bytes);
  if ([...turn.opened.values()].reduce((sum, bytes) => sum + bytes, 0) > MAX_OPENED_TOGETHER_BYTES) {
    throw new ValueError(`expressions look into more than ${readableBytes(MAX_OPENED_TOGETHER_BYTES)} at a time; do this work in a task`);
  }
  const made = turn.parts.get(digestOf(value));
  const whole = made === undefined ? turn.context.value(value) : (JSON.parse(made.text) as Json);
  if (whole === undefined) throw new RowsNeeded([], [], [value]);
  if (whole === null) throw new ValueError(`the value \`${value.$ref}\` is not stored in this run`);
  return whole;
}

/**
 * What a node made, as it lies in its row: large parts of it are stored beside it. `what` names it in a failure.
 * @throws NodeFailed when it cannot be stored, or is too much for a task to be given.
 */
export function fitted(turn: Turn, value: Json, what: string): Json {
  if (exceeds(value, MAX_MADE_BYTES))
    throw tooLarge(what, `larger than ${readableBytes(MAX_MADE_BYTES)}, which is all that expressions may put together`);
  const { value: rest, parts } = exceeds(value, INLINE_LIMIT_BYTES) ? splitValue(value, INLINE_LIMIT_BYTES, digest) : { value, parts: [] };
  let bytes = 0;
  for (const reference of referencesIn(rest)) bytes += '$ref' in reference ? reference.bytes : 0;
  if (bytes > VALUE_LIMIT_BYTES)
    throw tooLarge(what, `${readableBytes(bytes)} large with what it refers to; at most ${readableBytes(VALUE_LIMIT_BYTES)} are given`);
  for (const part of parts) turn.parts.set(part.sha256, part);
  return rest;
}

const encoder = new TextEncoder();
const digest = (text: string): string => sha256(encoder.encode(text));

const tooLarge = (what: string, why: string): NodeFailed =>
  new NodeFailed({
    reason: 'expression',
    code: `${what}.too-large`,
    message: `The ${what} is ${why}. Pass large values as one expression each, or by files.`,
  });
