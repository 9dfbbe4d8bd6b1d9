import type { z } from 'zod';
import { invalidRequest } from '../http/invalid-request.js';

/** The values of a request by the schema that HTTP has for the same; refused with all problems. */
export const parseRequest = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidRequest(parsed.error.issues);
};

/** Page size and token as HTTP names them; what protobuf sends for "absent" becomes that. */
export const pageOf = (pageSize: number, pageToken: string) => ({
  ...(pageSize !== 0 && { limit: pageSize }),
  ...(pageToken !== '' && { cursor: pageToken }),
});

/** A moment of the API as protobuf has it. */
export const dateOf = (text: string | null): Date | undefined => (text === null ? undefined : new Date(text));
