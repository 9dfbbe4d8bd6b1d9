import { Body, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { actorOf, CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import {
  BackfillBody,
  BackfillPlan,
  BackfillView,
  EmptyBody,
  PauseScheduleBody,
  PreviewBody,
  PreviewQuery,
  ScheduleBody,
  ScheduleDetail,
  SchedulePage,
  ScheduleQuery,
  ScheduleSettings,
  ScheduleView,
  SlotAnswerBody,
  SlotPage,
  SlotPreview,
  SlotQuery,
  SlotView,
} from '@orderlines/contracts';
import type { Response } from 'express';
import { AlsoAnswers, Answers, ApiController, Does } from '../http/documentation.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { callerOf } from '../instance/instances.js';
import { Backfills } from './backfills.js';
import { Schedules } from './schedules.js';

/** Schedules, their ledgers and backfills. `id` is an id or `namespace/name` (URL-encoded). */
@ApiController('schedules')
export class ScheduleController {
  constructor(
    private readonly schedules: Schedules,
    private readonly backfills: Backfills,
  ) {}

  @Post()
  @Needs('write', 'Schedule')
  @Answers(201, 'Makes a schedule of a process.', ScheduleView)
  create(@Body({ schema: ScheduleBody }) body: ScheduleBody, @CurrentPrincipal() principal: Principal): Promise<ScheduleView> {
    return this.schedules.create(body, principal);
  }

  @Get()
  @Needs('read', 'Schedule')
  @Answers(200, 'Schedules by namespace and name.', SchedulePage)
  list(@Query({ schema: ScheduleQuery }) query: ScheduleQuery, @CurrentPrincipal() principal: Principal): Promise<SchedulePage> {
    return this.schedules.list(query, principal);
  }

  @Post('preview')
  @Needs('read', 'Schedule')
  @HttpCode(200)
  @Answers(200, 'The times that a plan would have; nothing is stored.', SlotPreview)
  previewPlan(@Body({ schema: PreviewBody }) body: PreviewBody, @CurrentPrincipal() principal: Principal): Promise<SlotPreview> {
    return this.schedules.previewPlan(body, principal);
  }

  @Get(':id')
  @Needs('read', 'Schedule', 'id')
  @Answers(200, 'A schedule with what became of its slots and its next ones.', ScheduleDetail)
  get(@Param('id') id: string): Promise<ScheduleDetail> {
    return this.schedules.get(id);
  }

  @Put(':id')
  @Needs('write', 'Schedule', 'id')
  @Answers(200, 'Changes all settings of a schedule.', ScheduleView)
  update(
    @Param('id') id: string,
    @Body({ schema: ScheduleSettings }) body: ScheduleSettings,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ScheduleView> {
    return this.schedules.update(id, body, principal);
  }

  @Delete(':id')
  @Needs('delete', 'Schedule', 'id')
  @HttpCode(204)
  @Answers(204, 'Removes a schedule: its name is free again, its ledger and its runs stay.')
  remove(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    return this.schedules.remove(id, actorOf(principal));
  }

  @Post(':id/pause')
  @Needs('write', 'Schedule', 'id')
  @HttpCode(200)
  @Answers(200, 'Fires nothing until the schedule is resumed.', ScheduleView)
  pause(
    @Param('id') id: string,
    @Body({ schema: PauseScheduleBody }) { note }: PauseScheduleBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ScheduleView> {
    return this.schedules.pause(id, note, actorOf(principal));
  }

  @Post(':id/resume')
  @Needs('write', 'Schedule', 'id')
  @HttpCode(200)
  @Answers(200, 'Goes on with the first slot from now; what passed meanwhile is not made up for.', ScheduleView)
  resume(
    @Param('id') id: string,
    @Body({ schema: EmptyBody }) _body: object,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ScheduleView> {
    return this.schedules.resume(id, actorOf(principal));
  }

  @Post(':id/run')
  @Needs('write', 'Schedule', 'id')
  @Does('Wants a run now, beside the plan; answers with the row of the ledger, which a scheduler starts within a moment.', SlotView)
  run(
    @Param('id') id: string,
    @Body({ schema: EmptyBody }) _body: object,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<SlotView> {
    return this.schedules.run(id, callerOf(principal, key));
  }

  @Get(':id/preview')
  @Needs('read', 'Schedule', 'id')
  @Answers(200, 'The next times of a schedule.', SlotPreview)
  preview(@Param('id') id: string, @Query({ schema: PreviewQuery }) { count }: PreviewQuery): Promise<SlotPreview> {
    return this.schedules.preview(id, count);
  }

  @Get(':id/slots')
  @Needs('read', 'Schedule', 'id')
  @Answers(200, 'The fire ledger: what became of each slot and why, newest first.', SlotPage)
  slots(@Param('id') id: string, @Query({ schema: SlotQuery }) query: SlotQuery): Promise<SlotPage> {
    return this.schedules.slots(id, query);
  }

  @Post(':id/slots/:slot/answer')
  @Needs('read', 'Schedule', 'id')
  @HttpCode(200)
  @Answers(200, 'Confirms or refuses a slot, for members of the groups that the schedule asks.', SlotView)
  answer(
    @Param('id') id: string,
    @Param('slot') slot: string,
    @Body({ schema: SlotAnswerBody }) body: SlotAnswerBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SlotView> {
    return this.schedules.answer(id, slot, body, principal);
  }

  @Get(':id/backfills')
  @Needs('read', 'Schedule', 'id')
  @Answers(200, 'Backfills of a schedule, newest first.', BackfillView.array())
  listBackfills(@Param('id') id: string): Promise<BackfillView[]> {
    return this.backfills.list(id);
  }

  @Post(':id/backfills')
  @Needs('backfill', 'Schedule', 'id')
  @Answers(201, 'Runs the slots of a range.', BackfillView)
  @AlsoAnswers(200, 'With `dry`: the slots it would run; nothing is stored.', BackfillPlan)
  async backfill(
    @Param('id') id: string,
    @Body({ schema: BackfillBody }) body: BackfillBody,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<BackfillView | BackfillPlan> {
    if (!body.dry) return this.backfills.begin(id, body, principal);
    response.status(200);
    return this.backfills.plan(id, body);
  }

  @Post(':id/backfills/:backfill/cancel')
  @Needs('backfill', 'Schedule', 'id')
  @HttpCode(200)
  @Answers(200, 'Begins no further slot of a backfill; what runs goes on.', BackfillView)
  cancelBackfill(
    @Param('id') id: string,
    @Param('backfill') backfill: string,
    @Body({ schema: EmptyBody }) _body: object,
  ): Promise<BackfillView> {
    return this.backfills.cancel(id, backfill);
  }
}
