import { Body, Delete, Get, Headers, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { actorOf, CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { DefinitionBody, DraftView, SavedProcess } from '@orderlines/contracts';
import type { Response } from 'express';
import { Answers, ApiController } from '../http/documentation.js';
import { RequestRefused } from '../problems/request-refused.js';
import { Drafts, type TaggedDraft } from './drafts.js';

const TakesTag = () =>
  ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'ETag of the draft that was read; refused (412) when it has changed since.',
  });

/** The draft of a process. */
@ApiController('processes/:id/draft')
export class DraftController {
  constructor(private readonly drafts: Drafts) {}

  @Get()
  @Needs('read', 'Process', 'id')
  @Answers(200, 'The draft of a process; the ETag header changes with every save.', DraftView)
  async get(@Param('id') id: string, @Res({ passthrough: true }) response: Response): Promise<DraftView> {
    return tagged(response, await this.drafts.get(id));
  }

  @Put()
  @Needs('write', 'Process', 'id')
  @TakesTag()
  @ApiHeader({ name: 'If-None-Match', required: false, description: '`*`: only when there is no draft yet.' })
  @Answers(200, 'Saves the draft; it may hold problems, which are shown.', DraftView)
  async save(
    @Param('id') id: string,
    @Body({ schema: DefinitionBody }) body: DefinitionBody,
    @Headers('if-match') ifMatch: string | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DraftView> {
    const expected = ifNoneMatch === '*' ? null : tagOf(ifMatch);
    return tagged(response, await this.drafts.save(id, body, actorOf(principal), expected));
  }

  @Delete()
  @Needs('write', 'Process', 'id')
  @HttpCode(204)
  @Answers(204, 'Throws the draft away.')
  discard(@Param('id') id: string): Promise<void> {
    return this.drafts.discard(id);
  }

  @Post('publish')
  @Needs('publish', 'Process', 'id')
  @TakesTag()
  @Answers(201, 'Checks the draft and freezes it as the next version.', SavedProcess)
  publish(
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SavedProcess> {
    return this.drafts.publish(id, principal, tagOf(ifMatch));
  }
}

/** Puts the tag of a draft into the answer's header. */
export const tagged = (response: Response, { draft, etag }: TaggedDraft): DraftView => {
  response.setHeader('etag', `"${etag}"`);
  return draft;
};

/** The tag of an `If-Match` header; undefined when any draft will do. */
const tagOf = (header: string | undefined): string | undefined => {
  if (header === undefined || header.trim() === '*') return undefined;
  const [, tag] = /^\s*"([^"]*)"\s*$/.exec(header) ?? [];
  if (tag !== undefined) return tag;
  throw new RequestRefused('request.invalid', 'If-Match wants one ETag in double quotes, as the draft was given with.', 422);
};
