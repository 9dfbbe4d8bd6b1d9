import { Body, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { CalendarBody, CalendarListQuery, CalendarQuery, CalendarView, ScheduleName } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Calendars } from './calendars.js';

/** Calendars: days on which schedules do not fire. */
@ApiController('calendars')
export class CalendarController {
  constructor(private readonly calendars: Calendars) {}

  @Get()
  @Needs('read', 'Schedule')
  @Answers(200, 'Calendars by namespace and name.', CalendarView.array())
  list(
    @Query({ schema: CalendarListQuery }) { namespace }: CalendarListQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<CalendarView[]> {
    return this.calendars.list(namespace, principal);
  }

  @Get(':name')
  @Needs('read', 'Schedule')
  @Answers(200, 'A calendar.', CalendarView)
  get(
    @Param('name', { schema: ScheduleName }) name: string,
    @Query({ schema: CalendarQuery }) { namespace }: CalendarQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<CalendarView> {
    return this.calendars.get(namespace, name, principal);
  }

  @Put(':name')
  @Needs('write', 'Schedule')
  @Answers(200, 'Stores a calendar; schedules that name it go on by the new days.', CalendarView)
  save(
    @Param('name', { schema: ScheduleName }) name: string,
    @Query({ schema: CalendarQuery }) { namespace }: CalendarQuery,
    @Body({ schema: CalendarBody }) body: CalendarBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<CalendarView> {
    return this.calendars.save(namespace, name, body, principal);
  }

  @Delete(':name')
  @Needs('delete', 'Schedule')
  @HttpCode(204)
  @Answers(204, 'Removes a calendar that no schedule names.')
  remove(
    @Param('name', { schema: ScheduleName }) name: string,
    @Query({ schema: CalendarQuery }) { namespace }: CalendarQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.calendars.remove(namespace, name, principal);
  }
}
