import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { describeError, OrderlinesError, type Logger } from '@orderlines/service-host';
import helmet from 'helmet';
import { GatewayModule, type Functions, type HttpSurroundings } from '../gateway.module.js';
import { ProblemFilter } from '../problems/problem-filter.js';
import { consoleFiles } from '../console/console-files.js';
import { enteredRequests, loggedRequests } from '../trail/http-trail.js';
import { bodyParser } from './body-parser.js';
import { serveDocumentation } from './documentation.js';
import { maskedAnswers } from './masked-answers.js';
import { invalidRequest } from './invalid-request.js';

/** The open HTTP door. */
export interface HttpDoor {
  readonly port: number;
  close(): Promise<void>;
}

/** Beside helmet's defaults: plain HTTP stays possible behind a proxy, and the flow editor's canvas starts workers from blobs. */
const CONTENT_SECURITY_POLICY = { 'upgrade-insecure-requests': null, 'worker-src': ["'self'", 'blob:'] };

/** Opens the HTTP door; a taken port is an error that says so. */
export const openHttpDoor = async (
  options: {
    readonly host: string;
    readonly port: number;
    readonly version: string;
    readonly consoleFolder?: string | undefined;
    readonly trustedProxies?: readonly string[] | undefined;
  },
  functions: Functions,
  surroundings: HttpSurroundings,
  logger: Logger,
): Promise<HttpDoor> => {
  const app = await NestFactory.create<NestExpressApplication>(GatewayModule.forRoot(functions, surroundings), {
    logger: false,
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustedProxies ?? false);
  app.use(loggedRequests(functions.apiLog));
  app.use(helmet({ contentSecurityPolicy: { directives: CONTENT_SECURITY_POLICY } }));
  if (options.consoleFolder !== undefined) app.use(consoleFiles(options.consoleFolder));
  app.use(maskedAnswers(), bodyParser(), enteredRequests());
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: invalidRequest }));
  app.useGlobalFilters(new ProblemFilter(logger, functions.attempts));
  serveDocumentation(app, options.version);
  try {
    await app.listen(options.port, options.host);
  } catch (error) {
    await app.close();
    throw cannotListen('HTTP', `${options.host}:${options.port}`, error);
  }
  const server = app.getHttpServer() as Server;
  return { port: (server.address() as AddressInfo).port, close: () => app.close() };
};

/** The error of a door that cannot be opened, for people. */
export const cannotListen = (door: string, address: string, error: unknown): OrderlinesError => {
  const taken = describeError(error).includes('EADDRINUSE');
  const why = taken ? 'something else listens there already; stop it, or choose another port' : String(error);
  return new OrderlinesError('gateway.cannot-listen', `The ${door} door cannot be opened at ${address}: ${why}.`, 500, { cause: error });
};
