import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import { concatMap, from, type Observable } from 'rxjs';
import { Attempts } from './attempts.js';
import { attemptOf } from './http-attempt.js';
import { contextOf } from './http-trail.js';

/** A change over HTTP that wrote no record of its own gets one before it is answered: no route can forget the audit trail. */
@Injectable()
export class RecordedChanges implements NestInterceptor {
  constructor(private readonly attempts: Attempts) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    const known = contextOf(request);
    if (known === undefined || known.need?.action === 'read') return next.handle();
    return next.handle().pipe(concatMap((answer: unknown) => from(this.attempts.done(known, attemptOf(request)).then(() => answer))));
  }
}
