import { Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { LogLine, LogPage, LogQuery } from '@orderlines/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Answers, AnswersEvents, ApiController } from '../http/documentation.js';
import { EventStreams, type ServerEvent } from '../http/event-streams.js';
import { InstanceLogs, type FollowedLines } from './instance-logs.js';

/** What the tasks of a run wrote. */
@ApiController('instances/:id/logs')
export class LogController {
  constructor(
    private readonly logs: InstanceLogs,
    private readonly streams: EventStreams,
  ) {}

  @Get()
  @Needs('read', 'Instance', 'id')
  @Answers(200, 'Log lines in the order in which they were stored.', LogPage)
  page(@Param('id') id: string, @Query({ schema: LogQuery }) query: LogQuery): Promise<LogPage> {
    return this.logs.page(id, query);
  }

  @Get('stream')
  @Needs('read', 'Instance', 'id')
  @AnswersEvents(
    'All log lines, then those that come, in events `lines`; `end` when the run has ended and its log is whole.',
    z.array(LogLine),
  )
  follow(
    @Param('id') id: string,
    @Query({ schema: LogQuery }) { task, cursor }: LogQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    return this.streams.send(request, response, principal, async (signal) =>
      toServerEvents(await this.logs.follow(id, task, lastEventId ?? cursor, signal)),
    );
  }
}

async function* toServerEvents(followed: AsyncIterable<FollowedLines>): AsyncGenerator<ServerEvent, void, undefined> {
  for await (const { lines, cursor } of followed) yield { event: 'lines', id: cursor ?? undefined, data: lines };
}
