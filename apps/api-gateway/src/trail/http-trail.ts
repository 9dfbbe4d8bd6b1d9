import { randomUUID } from 'node:crypto';
import { ANONYMOUS, inRequest, type RequestContext } from '@orderlines/service-host';
import type { Request, RequestHandler, Response } from 'express';
import { withoutToken } from '../webhook/webhook-token.js';
import type { ApiLog } from './api-log.js';

/** Header in which a request may bring its id, and in which the answer tells it. */
export const REQUEST_ID_HEADER = 'x-request-id';
const REQUEST_ID = /^[\x21-\x7e]{1,100}$/;
/** Requests outside are files of the console, health and metrics. */
const LOGGED = /^\/api\//;

const contexts = new WeakMap<Request, RequestContext>();
const messages = new WeakMap<Response, string>();

/** The id that a caller gave, when it is one; else a new one. */
export const requestIdOf = (given: string | undefined): string => (given !== undefined && REQUEST_ID.test(given) ? given : randomUUID());

/** Gives each request its id and notes it in the API log once it is answered; to be the first of all. */
export const loggedRequests =
  (log: ApiLog): RequestHandler =>
  (request, response, next) => {
    if (!LOGGED.test(request.path)) return next();
    const { method } = request;
    const path = withoutToken(request.path);
    const from = performance.now();
    const requestId = requestIdOf(request.get(REQUEST_ID_HEADER));
    const context: RequestContext = { requestId, door: 'http', address: request.ip ?? '', actor: ANONYMOUS, recorded: 0 };
    contexts.set(request, context);
    response.setHeader(REQUEST_ID_HEADER, requestId);
    response.once('close', () => {
      const message = messages.get(response) ?? (response.writableFinished ? undefined : 'The client went away.');
      log.add(context, { method, path, status: response.statusCode, durationMs: performance.now() - from, message });
    });
    next();
  };

/** Lets everything behind it find the request; to stand behind the body's parser, which would lose it. */
export const enteredRequests = (): RequestHandler => (request, _response, next) => {
  const context = contexts.get(request);
  if (context === undefined) next();
  else inRequest(context, next);
};

/** The context of a request of the API. */
export const contextOf = (request: Request): RequestContext | undefined => contexts.get(request);

/** Why a request was refused or failed, for the API log. */
export const explainAnswer = (response: Response, message: string): void => {
  messages.set(response, message);
};
