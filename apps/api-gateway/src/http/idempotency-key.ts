import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { z } from 'zod';
import { invalidRequest } from './invalid-request.js';

const Key = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, '1 to 128 visible ASCII characters')
  .optional();

/** Parameter of a route's method: the header `Idempotency-Key`, when there is one. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const key = Key.safeParse(context.switchToHttp().getRequest<Request>().headers['idempotency-key']);
  if (key.success) return key.data;
  throw invalidRequest(key.error.issues.map(({ message }) => ({ message, path: ['Idempotency-Key'] })));
});
