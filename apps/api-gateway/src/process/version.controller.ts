import { Body, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import {
  CompareBody,
  CompareQuery,
  CopyProcessBody,
  DefinitionBody,
  DraftView,
  PublishCheck,
  RestoreVersionBody,
  SavedProcess,
  VersionComparison,
  VersionNumber,
  VersionSummary,
} from '@orderlines/contracts';
import type { Response } from 'express';
import { Answers, ApiController } from '../http/documentation.js';
import { tagged } from './draft.controller.js';
import { PublishChecks } from './publish-checks.js';
import { Versions } from './versions.js';

/** What becomes of versions: compared, withdrawn, restored, copied, removed; and what publishing would do. */
@ApiController('processes')
export class VersionController {
  constructor(
    private readonly versions: Versions,
    private readonly checks: PublishChecks,
  ) {}

  @Post('check')
  @Needs('publish', 'Process')
  @HttpCode(200)
  @Answers(
    200,
    'Says what publishing this text would do: problems, differences, what is missing, what it touches. Nothing is stored.',
    PublishCheck,
  )
  checkText(@Body({ schema: DefinitionBody }) body: DefinitionBody, @CurrentPrincipal() principal: Principal): Promise<PublishCheck> {
    return this.checks.ofText(body, principal);
  }

  @Get(':id/draft/check')
  @Needs('publish', 'Process', 'id')
  @Answers(200, 'Says what publishing the draft would do.', PublishCheck)
  checkDraft(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<PublishCheck> {
    return this.checks.ofDraft(id, principal);
  }

  @Get(':id/compare')
  @Needs('read', 'Process', 'id')
  @Answers(200, 'How two versions differ, node by node; by default the latest published one and the draft.', VersionComparison)
  compare(@Param('id') id: string, @Query({ schema: CompareQuery }) query: CompareQuery): Promise<VersionComparison> {
    return this.versions.compare(id, query);
  }

  @Post(':id/compare')
  @Needs('read', 'Process', 'id')
  @HttpCode(200)
  @Answers(200, 'How a text differs from a version.', VersionComparison)
  compareText(@Param('id') id: string, @Body({ schema: CompareBody }) body: CompareBody): Promise<VersionComparison> {
    return this.versions.compareText(id, body);
  }

  @Post(':id/copy')
  @Needs('read', 'Process', 'id')
  @Answers(201, 'Publishes a version as a process of another name or namespace.', SavedProcess)
  copy(
    @Param('id') id: string,
    @Body({ schema: CopyProcessBody }) body: CopyProcessBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SavedProcess> {
    return this.versions.copy(id, body, principal);
  }

  @Post(':id/versions/:number/offline')
  @Needs('publish', 'Process', 'id')
  @HttpCode(200)
  @Answers(200, 'Withdraws a version: nothing new starts with it, runs that use it go on.', VersionSummary)
  withdraw(@Param('id') id: string, @Param('number', { schema: VersionNumber }) number: number): Promise<VersionSummary> {
    return this.versions.changeStatus(id, number, 'offline');
  }

  @Post(':id/versions/:number/online')
  @Needs('publish', 'Process', 'id')
  @HttpCode(200)
  @Answers(200, 'Offers a version again that was withdrawn.', VersionSummary)
  offer(@Param('id') id: string, @Param('number', { schema: VersionNumber }) number: number): Promise<VersionSummary> {
    return this.versions.changeStatus(id, number, 'published');
  }

  @Post(':id/versions/:number/restore')
  @Needs('write', 'Process', 'id')
  @HttpCode(200)
  @Answers(200, 'Makes the text of a version the draft. Refused (412) when there is a draft, unless it is to be replaced.', DraftView)
  async restore(
    @Param('id') id: string,
    @Param('number', { schema: VersionNumber }) number: number,
    @Body({ schema: RestoreVersionBody }) body: RestoreVersionBody,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DraftView> {
    return tagged(response, await this.versions.restore(id, number, body, principal));
  }

  @Delete(':id/versions/:number')
  @Needs('delete', 'Process', 'id')
  @HttpCode(204)
  @Answers(204, 'Removes a version that is offline and that nothing used or stays with.')
  remove(@Param('id') id: string, @Param('number', { schema: VersionNumber }) number: number): Promise<void> {
    return this.versions.remove(id, number);
  }
}
