import { Body, Get, HttpCode, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { EventPage, EventQuery, EventsTaken, PublishEventsBody } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Events } from './events.js';

/** Events of the world outside: pushes, artifacts, alerts. */
@ApiController('events')
export class EventController {
  constructor(private readonly events: Events) {}

  @Post()
  @Needs('send', 'Event')
  @HttpCode(202)
  @Answers(202, 'Takes events; the triggers of their namespaces hear them within a moment.', EventsTaken)
  publish(@Body({ schema: PublishEventsBody }) body: PublishEventsBody, @CurrentPrincipal() principal: Principal): Promise<EventsTaken> {
    return this.events.publish(body, principal);
  }

  @Get()
  @Needs('read', 'Event')
  @Answers(200, 'Events that somebody published, newest first.', EventPage)
  list(@Query({ schema: EventQuery }) query: EventQuery, @CurrentPrincipal() principal: Principal): Promise<EventPage> {
    return this.events.list(query, principal);
  }
}
