import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { AnswerBody, AnswerTaken, ApprovalPage, ApprovalQuery } from '@orderlines/contracts';
import { Answers, ApiController, Does } from '../http/documentation.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { callerOf } from '../instance/instances.js';
import { Approvals } from './approvals.js';

/** What people are asked. */
@ApiController('approvals')
export class ApprovalController {
  constructor(private readonly approvals: Approvals) {}

  @Get()
  @Needs('read', 'Approval')
  @Answers(200, 'Approvals, those of newer runs first; with `mine` those that wait for the caller.', ApprovalPage)
  list(@Query({ schema: ApprovalQuery }) query: ApprovalQuery, @CurrentPrincipal() principal: Principal): Promise<ApprovalPage> {
    return this.approvals.list(query, principal);
  }
}

/** Answers to the approvals of a run. */
@ApiController('instances')
export class ApprovalAnswerController {
  constructor(private readonly approvals: Approvals) {}

  @Post(':id/tasks/:taskId/approval')
  @Needs('answer', 'Approval', 'id')
  @Does('Answers an approval, once a person; the same answer again is taken, another one is not.', AnswerTaken)
  answer(
    @Param('id') id: string,
    @Param('taskId') taskId: string,
    @Body({ schema: AnswerBody }) body: AnswerBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<AnswerTaken> {
    return this.approvals.answer(id, taskId, body, callerOf(principal, key));
  }
}
