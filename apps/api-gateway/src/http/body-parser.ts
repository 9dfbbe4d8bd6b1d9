import express, { type RequestHandler } from 'express';
import { RequestRefused } from '../problems/request-refused.js';

const MEBIBYTE = 1024 * 1024;
/** A definition may have 4 MiB; as a JSON text, with its quotes and lines escaped, up to about twice as much. */
export const DEFINITION_BODY_BYTES = 9 * MEBIBYTE;
/** Any other body. */
export const BODY_BYTES = MEBIBYTE;
/** Nobody who has not at least tried to show a token may make the server read more. */
const STRANGER_BODY_BYTES = 16 * 1024;

/** They are signed as they came, and read only when their address is known. */
const UNREAD_PATHS = /^\/api\/v1\/webhooks\//;
const DEFINITION_PATHS = /^\/api\/v1\/(processes|manifests)(\/|$)/;

/** Reads JSON bodies, each route within its limit; an absent body counts as an empty object. */
export const bodyParser = (): RequestHandler => {
  const options = { type: () => true, strict: true };
  const forDefinitions = express.json({ ...options, limit: DEFINITION_BODY_BYTES });
  const forAll = express.json({ ...options, limit: BODY_BYTES });
  const forStrangers = express.json({ ...options, limit: STRANGER_BODY_BYTES });
  return (request, response, next) => {
    if (UNREAD_PATHS.test(request.path)) return next();
    const known = request.headers.authorization !== undefined;
    const parse = !known ? forStrangers : DEFINITION_PATHS.test(request.path) ? forDefinitions : forAll;
    parse(request, response, (error?: unknown) => {
      if (error === undefined && request.body === undefined) request.body = {};
      next(error === undefined ? undefined : bodyRefusal(error));
    });
  };
};

/** What body-parser found, told by its `type`. */
const bodyRefusal = (error: unknown): unknown => {
  if (!(error instanceof Error) || !('type' in error) || !('status' in error) || typeof error.status !== 'number') return error;
  switch (error.type) {
    case 'entity.too.large':
      return new RequestRefused('request.too-large', 'The body is too large: a definition may have 4 MiB, anything else 1 MiB.', 413);
    case 'entity.parse.failed':
      return new RequestRefused('request.not-json', `The body is not JSON: ${error.message}`, 400);
    default:
      return error.status < 500
        ? new RequestRefused('request.unreadable', `The body cannot be read: ${error.message}`, error.status)
        : error;
  }
};
