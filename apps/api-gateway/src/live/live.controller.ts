import { Get, Query, Req, Res } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { LiveChanges, LiveFacts, LiveQuery } from '@orderlines/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { AnswersEvents, ApiController } from '../http/documentation.js';
import { EventStreams } from '../http/event-streams.js';
import { LiveStream } from './live-stream.js';

/** Everything that a person watches, over one connection. */
@ApiController('live')
export class LiveController {
  constructor(
    private readonly live: LiveStream,
    private readonly streams: EventStreams,
  ) {}

  @Get()
  @Needs('read', 'Instance')
  @AnswersEvents(
    'Events `changes` when runs have changed, and events `facts` with all that becomes known of the runs that are watched; `reload` names a run whose number is not known, `ended` one that has ended.',
    z.union([LiveChanges, LiveFacts]),
  )
  follow(
    @Query({ schema: LiveQuery }) { watch }: LiveQuery,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.streams.send(request, response, principal, (signal) => this.live.follow(watched(watch), principal, signal));
  }
}

const watched = (watch: string | undefined): { readonly id: string; readonly seq: number }[] =>
  (watch ?? '').split(',').flatMap((text) => {
    const [id, seq] = text.split(':');
    return id ? [{ id, seq: Number(seq) }] : [];
  });
