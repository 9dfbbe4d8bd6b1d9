import { Get, Query } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { Overview, OverviewQuery } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Overviews } from './overviews.js';

/** What goes on, in numbers. */
@ApiController('overview')
export class OverviewController {
  constructor(private readonly overviews: Overviews) {}

  @Get()
  @Needs('read', 'Instance')
  @Answers(200, 'Counts, trend and rankings of the runs that the caller may see.', Overview)
  get(@Query({ schema: OverviewQuery }) query: OverviewQuery, @CurrentPrincipal() principal: Principal): Promise<Overview> {
    return this.overviews.get(query, principal);
  }
}
