import { Body, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import {
  DisableTriggerBody,
  EmptyBody,
  EvaluationPage,
  EvaluationQuery,
  TriedTrigger,
  TriggerBody,
  TriggerDetail,
  TriggerPage,
  TriggerQuery,
  TriggerSettings,
  TriggerView,
  TriggerWithAddress,
  TryTriggerBody,
} from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Triggers } from './triggers.js';

/** Triggers and what they decided. `id` is an id or `namespace/name` (URL-encoded). */
@ApiController('triggers')
export class TriggerController {
  constructor(private readonly triggers: Triggers) {}

  @Post()
  @Needs('write', 'Trigger')
  @Answers(201, 'Makes a trigger of a process; the address of a webhook is told this once.', TriggerWithAddress)
  create(@Body({ schema: TriggerBody }) body: TriggerBody, @CurrentPrincipal() principal: Principal): Promise<TriggerWithAddress> {
    return this.triggers.create(body, principal);
  }

  @Get()
  @Needs('read', 'Trigger')
  @Answers(200, 'Triggers by namespace and name.', TriggerPage)
  list(@Query({ schema: TriggerQuery }) query: TriggerQuery, @CurrentPrincipal() principal: Principal): Promise<TriggerPage> {
    return this.triggers.list(query, principal);
  }

  @Get(':id')
  @Needs('read', 'Trigger', 'id')
  @Answers(200, 'A trigger with what came of its events, and what it waits for.', TriggerDetail)
  get(@Param('id') id: string): Promise<TriggerDetail> {
    return this.triggers.get(id);
  }

  @Put(':id')
  @Needs('write', 'Trigger', 'id')
  @Answers(200, 'Changes all settings of a trigger.', TriggerWithAddress)
  update(
    @Param('id') id: string,
    @Body({ schema: TriggerSettings }) body: TriggerSettings,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TriggerWithAddress> {
    return this.triggers.update(id, body, principal);
  }

  @Delete(':id')
  @Needs('delete', 'Trigger', 'id')
  @HttpCode(204)
  @Answers(204, 'Removes a trigger; its evaluations and its runs stay.')
  remove(@Param('id') id: string): Promise<void> {
    return this.triggers.remove(id);
  }

  @Post(':id/enable')
  @Needs('write', 'Trigger', 'id')
  @HttpCode(200)
  @Answers(200, 'Hears again; what happened meanwhile is none of its.', TriggerView)
  enable(
    @Param('id') id: string,
    @Body({ schema: EmptyBody }) _body: object,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TriggerView> {
    return this.triggers.enable(id, principal);
  }

  @Post(':id/disable')
  @Needs('write', 'Trigger', 'id')
  @HttpCode(200)
  @Answers(200, 'Hears nothing until it is enabled, and forgets what it waits for.', TriggerView)
  disable(
    @Param('id') id: string,
    @Body({ schema: DisableTriggerBody }) { note }: DisableTriggerBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TriggerView> {
    return this.triggers.disable(id, note, principal);
  }

  @Post(':id/rotate')
  @Needs('write', 'Trigger', 'id')
  @HttpCode(200)
  @Answers(200, 'Gives the webhook another address, told this once; the older one is nothing any more.', TriggerWithAddress)
  rotate(@Param('id') id: string, @Body({ schema: EmptyBody }) _body: object): Promise<TriggerWithAddress> {
    return this.triggers.rotate(id);
  }

  @Post(':id/try')
  @Needs('read', 'Trigger', 'id')
  @HttpCode(200)
  @Answers(200, 'What the trigger would make of an event; nothing is stored or started.', TriedTrigger)
  try(@Param('id') id: string, @Body({ schema: TryTriggerBody }) body: TryTriggerBody): Promise<TriedTrigger> {
    return this.triggers.try(id, body);
  }

  @Get(':id/evaluations')
  @Needs('read', 'Trigger', 'id')
  @Answers(200, 'What the trigger decided, newest first.', EvaluationPage)
  evaluations(@Param('id') id: string, @Query({ schema: EvaluationQuery }) query: EvaluationQuery): Promise<EvaluationPage> {
    return this.triggers.evaluations(id, query);
  }
}
