import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { AcknowledgeBody, AlarmPage, AlarmQuery, AlarmView } from '@orderlines/contracts';
import { ApiController, Answers, Does } from '../http/documentation.js';
import { Alarms } from './alarms.js';

/** Runs that ended badly: open until somebody acknowledges them. */
@ApiController('alarms')
export class AlarmController {
  constructor(private readonly alarms: Alarms) {}

  @Get()
  @Needs('read', 'Instance')
  @Answers(200, 'Runs that failed, took too long or were stopped, newer ones first.', AlarmPage)
  list(@Query({ schema: AlarmQuery }) query: AlarmQuery, @CurrentPrincipal() principal: Principal): Promise<AlarmPage> {
    return this.alarms.list(query, principal);
  }

  @Post(':id/acknowledgement')
  @Needs('operate', 'Instance', 'id')
  @Does('Notes that somebody has seen the alarm of a run, with a remark.', AlarmView)
  acknowledge(
    @Param('id') id: string,
    @Body({ schema: AcknowledgeBody }) { remark }: AcknowledgeBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<AlarmView> {
    return this.alarms.acknowledge(id, remark, principal);
  }
}
