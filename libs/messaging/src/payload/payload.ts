import type { z } from 'zod';
import { MessagingError } from '../messaging-error.js';

/** No message is larger; the server would refuse 1 MiB. */
export const MAX_MESSAGE_BYTES = 512 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The bytes of a message; throws {@link MessagingError} `nats.too-large`. */
export const encodePayload = (value: unknown): Uint8Array => {
  const bytes = encoder.encode(JSON.stringify(value));
  if (bytes.length > MAX_MESSAGE_BYTES) {
    throw new MessagingError(
      'nats.too-large',
      `A message of ${bytes.length} bytes is larger than the ${MAX_MESSAGE_BYTES} bytes a message may have.`,
    );
  }
  return bytes;
};

/** A message that was read, or what is wrong with it. */
export type Decoded<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: string };

/** Reads a message by its schema; whatever the bytes are, it answers and does not throw. */
export const decodePayload = <Schema extends z.ZodType>(schema: Schema, data: Uint8Array): Decoded<z.output<Schema>> => {
  try {
    const parsed = schema.safeParse(JSON.parse(decoder.decode(data)));
    if (parsed.success) return { ok: true, value: parsed.data };
    return {
      ok: false,
      problem: parsed.error.issues
        .slice(0, 10)
        .map(({ path, message }) => `${path.join('.') || 'message'}: ${message}`)
        .join('; '),
    };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
};
