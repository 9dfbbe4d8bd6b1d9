import { Body, Get, Headers, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import {
  DebugAction,
  BatchBody,
  BatchDone,
  Explanation,
  InstanceDetail,
  InstanceEvent,
  InstancePage,
  InstanceQuery,
  InstanceStarted,
  OperationDone,
  PauseBody,
  RerunBody,
  RestartBody,
  RunGrid,
  RunGridQuery,
  ResumeBody,
  StartInstanceBody,
  StopBody,
  StartPlan,
  VariablesBody,
} from '@orderlines/contracts';
import type { RunOperation } from '@orderlines/process-engine';
import type { Request, Response } from 'express';
import { AlsoAnswers, Answers, AnswersEvents, ApiController, Does, TakesIdempotencyKey } from '../http/documentation.js';
import { EventStreams, type ServerEvent } from '../http/event-streams.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { BatchOperations } from '../operation/batch-operations.js';
import { InstanceEvents, type FollowedRun } from './instance-events.js';
import { callerOf, Instances, type Caller } from './instances.js';
import { Schedules } from '../schedule/schedules.js';

/** Runs. */
@ApiController('instances')
export class InstanceController {
  constructor(
    private readonly instances: Instances,
    private readonly batches: BatchOperations,
    private readonly events: InstanceEvents,
    private readonly streams: EventStreams,
    private readonly schedules: Schedules,
  ) {}

  @Post()
  @Needs('start', 'Process')
  @TakesIdempotencyKey()
  @Answers(201, 'Starts a run.', InstanceStarted)
  @AlsoAnswers(200, 'With `dry`: what the start would do; nothing is stored or run.', StartPlan)
  async start(
    @Body({ schema: StartInstanceBody }) body: StartInstanceBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<InstanceStarted | StartPlan> {
    if (!body.dry) return this.instances.start(body, callerOf(principal, key));
    response.status(200);
    return this.instances.plan(body, callerOf(principal, key));
  }

  @Get()
  @Needs('read', 'Instance')
  @Answers(200, 'Runs, newest first.', InstancePage)
  list(@Query({ schema: InstanceQuery }) query: InstanceQuery, @CurrentPrincipal() principal: Principal): Promise<InstancePage> {
    return this.instances.list(query, principal);
  }

  @Get('grid')
  @Needs('read', 'Instance')
  @Answers(200, 'The newest runs of a process, and how each of its nodes stands in each of them.', RunGrid)
  grid(@Query({ schema: RunGridQuery }) query: RunGridQuery, @CurrentPrincipal() principal: Principal): Promise<RunGrid> {
    return this.instances.grid(query, principal);
  }

  @Get(':id')
  @Needs('read', 'Instance', 'id')
  @Answers(200, 'A run with every execution of its nodes.', InstanceDetail)
  get(@Param('id') id: string): Promise<InstanceDetail> {
    return this.instances.get(id);
  }

  @Get(':id/explain')
  @Needs('read', 'Instance', 'id')
  @Answers(200, 'Why a run is not moving: what it does, what in it waits for what since when, and what to do.', Explanation)
  explain(@Param('id') id: string): Promise<Explanation> {
    return this.instances.explain(id);
  }

  @Post('batch')
  @Needs('operate', 'Instance')
  @Does('Does something to many runs, 500 at most, with an answer for each; with `dry` it only says what it would do.', BatchDone)
  batch(
    @Body({ schema: BatchBody }) body: BatchBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<BatchDone> {
    return this.batches.operate(body, callerOf(principal, key));
  }

  @Post(':id/stop')
  @Needs('operate', 'Instance', 'id')
  @Does('Stops a run: cancels what runs, runs the teardown; with `force` without it.', OperationDone)
  stop(
    @Param('id') id: string,
    @Body({ schema: StopBody }) { force, stopSchedule }: StopBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.withSchedules(id, { name: 'stop', force }, stopSchedule && 'pause', callerOf(principal, key));
  }

  @Post(':id/pause')
  @Needs('operate', 'Instance', 'id')
  @Does('Pauses a run: what runs ends, nothing new starts.', OperationDone)
  pause(
    @Param('id') id: string,
    @Body({ schema: PauseBody }) { stopSchedule }: PauseBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.withSchedules(id, { name: 'pause' }, stopSchedule && 'pause', callerOf(principal, key));
  }

  @Post(':id/resume')
  @Needs('operate', 'Instance', 'id')
  @Does('Goes on with a paused run.', OperationDone)
  resume(
    @Param('id') id: string,
    @Body({ schema: ResumeBody }) { recoverSchedule }: ResumeBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.withSchedules(id, { name: 'resume' }, recoverSchedule && 'resume', callerOf(principal, key));
  }

  @Put(':id/variables')
  @Needs('repair', 'Instance', 'id')
  @TakesIdempotencyKey()
  @Answers(200, 'Sets variables of a paused run, all or none.', OperationDone)
  setVariables(
    @Param('id') id: string,
    @Body({ schema: VariablesBody }) { values }: VariablesBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.instances.operate(id, { name: 'set-variable', values }, callerOf(principal, key));
  }

  @Post(':id/debug')
  @Needs('debug', 'Instance', 'id')
  @Does('Does something at a stop of a run that was started with mode debug.', OperationDone)
  debug(
    @Param('id') id: string,
    @Body({ schema: DebugAction }) action: DebugAction,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.instances.operate(id, { name: 'debug', action }, callerOf(principal, key));
  }

  @Post(':id/restart')
  @Needs('operate', 'Instance', 'id')
  @TakesIdempotencyKey()
  @Answers(201, 'Makes a new run with the params of one that has ended.', InstanceStarted)
  restart(
    @Param('id') id: string,
    @Body({ schema: RestartBody }) body: RestartBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<InstanceStarted> {
    return this.instances.restart(id, body, callerOf(principal, key));
  }

  @Post(':id/rerun')
  @Needs('operate', 'Instance', 'id')
  @TakesIdempotencyKey()
  @Answers(201, 'Makes a new run that begins at a node; what an ended run had done before it is taken over.', InstanceStarted)
  rerun(
    @Param('id') id: string,
    @Body({ schema: RerunBody }) body: RerunBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<InstanceStarted> {
    return this.instances.rerun(id, body, callerOf(principal, key));
  }

  @Get(':id/events')
  @Needs('read', 'Instance', 'id')
  @AnswersEvents('What becomes known about a run, each transition an event `facts` with its number as id; at the end `end`.', InstanceEvent)
  follow(
    @Param('id') id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    // A text that is no number is no event of ours: the run is told from its beginning.
    const after = lastEventId === undefined ? 0 : /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : Number.NaN;
    return this.streams.send(request, response, principal, async (signal) => toServerEvents(await this.events.follow(id, after, signal)));
  }

  /** An operation on a run and, when it is wanted, on the schedules that go with it. */
  private async withSchedules(
    id: string,
    operation: RunOperation,
    onSchedules: 'pause' | 'resume' | false,
    caller: Caller,
  ): Promise<OperationDone> {
    const done = await this.instances.operate(id, operation, caller);
    return onSchedules ? { ...done, schedules: await this.schedules.withRun(id, onSchedules, caller.principal) } : done;
  }
}

async function* toServerEvents({ fromBeginning, events }: FollowedRun): AsyncGenerator<ServerEvent, void, undefined> {
  // What the client has seen is not of this history: it must forget it.
  if (fromBeginning) yield { event: 'reload', data: {} };
  for await (const event of events) yield { event: 'facts', id: String(event.seq), data: event };
}
