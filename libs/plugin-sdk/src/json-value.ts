import { cleanJson, cleanText, JsonTooDeepError, readableBytes, VALUE_LIMIT_BYTES, type Json } from '@orderlines/contracts';
import { TaskFailure } from './task-failure.js';

/** Largest result of a task in bytes of JSON text; above 256 KiB it travels by reference. */
export const RESULT_LIMIT_BYTES = VALUE_LIMIT_BYTES;

/** How much of a result that is too large is kept, in characters of its JSON text. */
export const KEPT_HEAD_LENGTH = 16 * 1024;

/** Any value a task gave, as JSON that can be stored, with its size in bytes. Throws a {@link TaskFailure} when it is no JSON. */
export const toJson = (value: unknown, what: string): { readonly json: Json; readonly bytes: number; readonly text: string } => {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new TaskFailure('plugin', `${what} is not JSON: ${(error as Error).message}`, { code: 'result.not-json' });
  }
  if (text === undefined) throw new TaskFailure('plugin', `${what} is not JSON but ${typeof value}`, { code: 'result.not-json' });
  const bytes = Buffer.byteLength(text);
  if (bytes > RESULT_LIMIT_BYTES) return { json: null, bytes, text };
  try {
    return { json: cleanJson(JSON.parse(text) as Json), bytes, text };
  } catch (error) {
    if (error instanceof JsonTooDeepError) throw new TaskFailure('plugin', `${what}: ${error.message}`, { code: 'result.too-deep' });
    throw error;
  }
};

/** The failure for a value above {@link RESULT_LIMIT_BYTES}; the head of its text is kept. */
export const tooLarge = (what: string, bytes: number, text: string): TaskFailure =>
  new TaskFailure('plugin', `${what} is ${readableBytes(bytes)} long; at most ${readableBytes(RESULT_LIMIT_BYTES)} are kept`, {
    code: 'result.too-large',
    detail: { bytes, limit: RESULT_LIMIT_BYTES },
    result: { head: cleanText(text.slice(0, KEPT_HEAD_LENGTH)) },
  });
