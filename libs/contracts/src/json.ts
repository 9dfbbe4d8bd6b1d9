import { z } from 'zod';

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/**
 * Schema of any JSON value that came out of a JSON parser: it checks nothing. (`z.json()` is recursive, and OpenAPI documents
 * give a recursive schema a name that others overwrite.)
 */
export const AnyJson = z.unknown() as unknown as z.ZodType<Json, Json>;
/** Schema of a JSON object that came out of a JSON parser. */
export const AnyJsonObject = z.record(z.string(), AnyJson) as z.ZodType<JsonObject, JsonObject>;
