import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { CompareBody, CompareQuery, VersionComparison } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Comparisons } from './comparisons.js';

/** What is done with versions of a process. `id` is an id, `namespace/name` (URL-encoded), or the `process_id` of an imported file. */
@ApiController('processes')
export class VersionController {
  constructor(private readonly comparisons: Comparisons) {}

  @Post('compare')
  @Needs('read', 'Process')
  @HttpCode(200)
  @Answers(200, 'What differs between a definition and what is stored of the process that it names; nothing is stored.', VersionComparison)
  compareDefinition(
    @Body({ schema: CompareBody }) body: CompareBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<VersionComparison> {
    return this.comparisons.compareDefinition(body, principal);
  }

  @Get(':id/versions/compare')
  @Needs('read', 'Process', 'id')
  @Answers(200, 'What differs between two versions, or a version and the draft, node by node.', VersionComparison)
  compare(@Param('id') id: string, @Query({ schema: CompareQuery }) query: CompareQuery): Promise<VersionComparison> {
    return this.comparisons.compare(id, query);
  }
}
