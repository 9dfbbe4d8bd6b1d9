import { Get, Param, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { OperationDone, ParkedEventPage, ParkedEventQuery } from '@orderlines/contracts';
import { Answers, ApiController, Does } from '../http/documentation.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { callerOf, Instances } from '../instance/instances.js';

/** Events that could not be applied: a run stands still behind them until a person decides. */
@ApiController('parked-events')
export class ParkedEventController {
  constructor(private readonly instances: Instances) {}

  @Get()
  @Needs('read', 'ParkedEvent')
  @Answers(200, 'Events that could not be applied, the oldest first.', ParkedEventPage)
  list(@Query({ schema: ParkedEventQuery }) query: ParkedEventQuery, @CurrentPrincipal() principal: Principal): Promise<ParkedEventPage> {
    return this.instances.parkedEvents(query, principal);
  }

  @Post(':eventId/retry')
  @Needs('release', 'ParkedEvent', 'eventId')
  @Does('Applies an event again, and those of its run that were put aside behind it.', OperationDone)
  retry(
    @Param('eventId') eventId: string,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.instances.releaseEvent(eventId, 'retry-event', callerOf(principal, key));
  }

  @Post(':eventId/drop')
  @Needs('release', 'ParkedEvent', 'eventId')
  @Does('Drops an event for good; what it told is lost.', OperationDone)
  drop(
    @Param('eventId') eventId: string,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.instances.releaseEvent(eventId, 'drop-event', callerOf(principal, key));
  }
}
