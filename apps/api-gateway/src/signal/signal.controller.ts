import { Body, Post } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { SignalBody, SignalSent } from '@orderlines/contracts';
import { Answers, ApiController, TakesIdempotencyKey } from '../http/documentation.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { callerOf } from '../instance/instances.js';
import { Signals } from './signals.js';

/** What happens elsewhere, for runs that wait for it. */
@ApiController('signals')
export class SignalController {
  constructor(private readonly signals: Signals) {}

  @Post()
  @Needs('send', 'Signal')
  @TakesIdempotencyKey()
  @Answers(201, 'Sends a signal: to the run that has waited longest for it, or to the first that will within a day.', SignalSent)
  send(
    @Body({ schema: SignalBody }) body: SignalBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<SignalSent> {
    return this.signals.send(body, callerOf(principal, key));
  }
}
