import { maskGuarded } from '@orderlines/contracts';
import type { RequestHandler } from 'express';

/** What stands for secrets is masked in every answer: in its text, so that no route can forget it. */
export const maskedAnswers = (): RequestHandler => (_request, response, next) => {
  const send = response.send.bind(response);
  response.send = (body: unknown) => send(typeof body === 'string' ? maskGuarded(body) : body);
  next();
};
