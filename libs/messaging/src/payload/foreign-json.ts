import { cleanJson, cleanText, JsonTooDeepError, type Json, type JsonObject } from '@orderlines/contracts';
import { z } from 'zod';

/**
 * Any JSON that a task made, cleaned at the door. The text was parsed as JSON already, so its structure is not
 * walked a second time.
 */
export const ForeignJson = z
  .custom<Json>((value) => value !== undefined, 'a JSON value is missing')
  .transform((value, context): Json => {
    try {
      return cleanJson(value);
    } catch (error) {
      if (!(error instanceof JsonTooDeepError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });

/** A JSON object that a task made. */
export const ForeignJsonObject = ForeignJson.refine(
  (value): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
).transform((value) => value as JsonObject);

/** Text that a task made. */
export const ForeignText = z.string().transform(cleanText);

/** A name that stands between two dots of a subject and in the name of a consumer: queues, workers. */
export const SubjectToken = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, "_" and "-" only, at most 64');
