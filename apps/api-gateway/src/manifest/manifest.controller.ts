import { Body, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { ManifestBody, ManifestReport } from '@orderlines/contracts';
import type { Response } from 'express';
import { Answers, ApiController } from '../http/documentation.js';
import { Manifests } from './manifests.js';
import { NamespaceExport } from './namespace-export.js';

/** Processes, schedules, variables and calendars as files describe them. */
@ApiController('manifests')
export class ManifestController {
  constructor(private readonly manifests: Manifests) {}

  @Post()
  @Needs('read', 'Process')
  @HttpCode(200)
  @Answers(
    200,
    'Plans what makes the things of files as the files describe them and, unless `dry`, does it in this order until a change fails. ' +
      'Each change wants its own right.',
    ManifestReport,
  )
  apply(@Body({ schema: ManifestBody }) body: ManifestBody, @CurrentPrincipal() principal: Principal): Promise<ManifestReport> {
    return this.manifests.apply(body, principal);
  }
}

/** A namespace as one file. */
@ApiController('namespaces/:name/manifests')
export class NamespaceExportController {
  constructor(private readonly exports: NamespaceExport) {}

  @Get()
  @Needs('read', 'Namespace', 'name')
  @Answers(200, 'What of a namespace may be seen, as YAML that `POST manifests` reads; secrets are named only.')
  async export(@Param('name') name: string, @CurrentPrincipal() principal: Principal, @Res() response: Response): Promise<void> {
    const text = await this.exports.text(name, principal);
    response.setHeader('content-type', 'application/yaml; charset=utf-8').send(text);
  }
}
