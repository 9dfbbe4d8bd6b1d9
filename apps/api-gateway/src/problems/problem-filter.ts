import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { PROBLEM_CONTENT_TYPE } from '@orderlines/contracts';
import type { Logger } from '@orderlines/service-host';
import type { Request, Response } from 'express';
import type { Attempts } from '../trail/attempts.js';
import { attemptOf } from '../trail/http-attempt.js';
import { contextOf, explainAnswer } from '../trail/http-trail.js';
import { withoutToken } from '../webhook/webhook-token.js';
import { problemOf } from './problem-details.js';

/** Answers every error as problem details (RFC 9457); what is our own fault is logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly attempts: Attempts,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const { problem, retryAfterSeconds, expected } = problemOf(error);
    if (!expected) this.logger.error({ err: error, method: request.method, path: withoutToken(request.path) }, 'a request failed');
    explainAnswer(response, problem.detail);
    const context = contextOf(request);
    if (context !== undefined && context.recorded === 0) {
      this.attempts.refused(context, attemptOf(request), { status: problem.status, code: problem.code, message: problem.detail });
    }
    if (response.headersSent) {
      // A stream that has begun cannot become an answer of another kind.
      response.destroy();
      return;
    }
    if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
    if (problem.status === 401) response.setHeader('www-authenticate', 'Bearer');
    response.status(problem.status).setHeader('content-type', PROBLEM_CONTENT_TYPE).send(JSON.stringify(problem));
  }
}
