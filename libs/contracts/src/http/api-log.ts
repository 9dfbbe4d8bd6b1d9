import { z } from 'zod';
import { TABLE_FORMATS } from './audit.js';
import { pageOf, pageQuery } from './paging.js';

/** A request as the API log has it. */
export const ApiLogEntry = z
  .object({
    id: z.uuid(),
    /** When it was answered. */
    at: z.iso.datetime(),
    door: z.enum(['http', 'grpc']),
    /** Method of HTTP; `RPC` for a call of gRPC. */
    method: z.string(),
    /** Path without its query; of a call its full name. */
    path: z.string(),
    /** Status of HTTP; a call has the one that HTTP would have. */
    status: z.int(),
    durationMs: z.number(),
    /** User name, or `anonymous`. */
    visitor: z.string(),
    address: z.string(),
    requestId: z.string(),
    /** Why it was refused or failed; empty otherwise. */
    message: z.string(),
  })
  .meta({ id: 'ApiLogEntry' });
/** A request as the API log has it. */
export type ApiLogEntry = z.infer<typeof ApiLogEntry>;

const text = z.string().max(300).optional();
const moment = z.iso.datetime({ offset: true }).optional();
const status = z.coerce.number().int().min(0).max(599).optional();

/** Which entries of the API log. */
const apiLogFilter = {
  visitor: text,
  method: text,
  /** A part of the path. */
  path: text,
  /** A part of the message. */
  message: text,
  requestId: text,
  minStatus: status,
  maxStatus: status,
  /** Slower ones only, milliseconds. */
  minDuration: z.coerce.number().min(0).optional(),
  since: moment,
  until: moment,
};

/** Query of `GET api-log`. */
export const ApiLogQuery = z.object({ ...pageQuery, ...apiLogFilter });
/** Query of `GET api-log`. */
export type ApiLogQuery = z.infer<typeof ApiLogQuery>;

/** Query of `GET api-log/export`. */
export const ApiLogExportQuery = z.object({ ...apiLogFilter, format: z.enum(TABLE_FORMATS).default('csv') });
/** Query of `GET api-log/export`. */
export type ApiLogExportQuery = z.infer<typeof ApiLogExportQuery>;

/** A page of the API log, newest first. */
export const ApiLogPage = pageOf('ApiLogPage', ApiLogEntry);
/** A page of the API log, newest first. */
export type ApiLogPage = z.infer<typeof ApiLogPage>;
