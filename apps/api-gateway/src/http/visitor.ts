import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { SessionPlace } from '@orderlines/persistence';
import type { Request } from 'express';

const MAX_USER_AGENT = 300;

/** Parameter of a route's method: where the request comes from. */
export const Visitor = createParamDecorator((_: unknown, context: ExecutionContext): SessionPlace => {
  const { ip = '', headers } = context.switchToHttp().getRequest<Request>();
  return { address: ip, userAgent: (headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT) };
});
