import { Body, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { actorOf, CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import {
  AnyJsonObject,
  BuildProcessBody,
  DefinitionBody,
  ProcessDetail,
  ProcessPage,
  ProcessQuery,
  SavedProcess,
  SourceQuery,
  ValidationReport,
  VersionDetail,
  VersionNumber,
  VersionPage,
  VersionQuery,
} from '@orderlines/contracts';
import { definitionJsonSchema } from '@orderlines/process-engine';
import type { Response } from 'express';
import { Answers, ApiController } from '../http/documentation.js';
import { Definitions } from './definitions.js';
import { ProcessCatalogue } from './process-catalogue.js';

const CONTENT_TYPES = { yaml: 'application/yaml; charset=utf-8', json: 'application/json; charset=utf-8' } as const;

/** Processes and their versions. `id` is an id, `namespace/name` (URL-encoded), or the `process_id` of an imported file. */
@ApiController('processes')
export class ProcessController {
  constructor(
    private readonly definitions: Definitions,
    private readonly catalogue: ProcessCatalogue,
  ) {}

  @Post('validate')
  @Needs('read', 'Process')
  @HttpCode(200)
  @Answers(200, 'Checks a definition, of this format or the older one; nothing is stored.', ValidationReport)
  validate(@Body({ schema: DefinitionBody }) body: DefinitionBody): Promise<ValidationReport> {
    return this.definitions.validate(body);
  }

  @Post()
  @Needs('write', 'Process')
  @Answers(
    201,
    'Stores a definition as the next version of its process; 200 when the newest version has this content already.',
    SavedProcess,
  )
  async build(
    @Body({ schema: BuildProcessBody }) body: BuildProcessBody,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SavedProcess> {
    const { saved, created } = await this.definitions.build(body, principal);
    response.status(created ? 201 : 200);
    return saved;
  }

  @Get()
  @Needs('read', 'Process')
  @Answers(200, 'Processes by namespace and name.', ProcessPage)
  list(@Query({ schema: ProcessQuery }) query: ProcessQuery, @CurrentPrincipal() principal: Principal): Promise<ProcessPage> {
    return this.catalogue.list(query, principal);
  }

  @Get('schema')
  @Needs('read', 'Process')
  @Answers(200, 'The JSON Schema (2020-12) of definitions, for editors.', AnyJsonObject)
  schema(): Record<string, unknown> {
    return definitionJsonSchema();
  }

  @Get(':id')
  @Needs('read', 'Process', 'id')
  @Answers(200, 'A process with the document of its latest version.', ProcessDetail)
  get(@Param('id') id: string): Promise<ProcessDetail> {
    return this.catalogue.get(id);
  }

  @Delete(':id')
  @Needs('delete', 'Process', 'id')
  @HttpCode(204)
  @Answers(
    204,
    'Removes a process: its name is free again, its runs stay. Refused (409) while runs have not ended, or schedules or processes refer to it.',
  )
  remove(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    return this.catalogue.remove(id, actorOf(principal));
  }

  @Get(':id/versions')
  @Needs('read', 'Process', 'id')
  @Answers(200, 'Versions of a process, newest first.', VersionPage)
  versions(@Param('id') id: string, @Query({ schema: VersionQuery }) query: VersionQuery): Promise<VersionPage> {
    return this.catalogue.versions(id, query);
  }

  @Get(':id/versions/:number')
  @Needs('read', 'Process', 'id')
  @Answers(200, 'A version with its document and its text.', VersionDetail)
  version(@Param('id') id: string, @Param('number', { schema: VersionNumber }) number: number): Promise<VersionDetail> {
    return this.catalogue.version(id, number);
  }

  @Get(':id/versions/:number/source')
  @Needs('read', 'Process', 'id')
  @Answers(200, 'A version as text: as it was written, or in the form that is asked for.')
  async source(
    @Param('id') id: string,
    @Param('number', { schema: VersionNumber }) number: number,
    @Query({ schema: SourceQuery }) query: SourceQuery,
    @Res() response: Response,
  ): Promise<void> {
    const { text, language } = await this.catalogue.source(id, number, query);
    response.setHeader('content-type', CONTENT_TYPES[language]).send(text);
  }
}
