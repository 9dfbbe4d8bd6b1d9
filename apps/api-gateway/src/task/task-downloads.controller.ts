import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Get, Param, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { Needs } from '@orderlines/auth';
import type { Response } from 'express';
import { z } from 'zod';
import { Answers, ApiController } from '../http/documentation.js';
import { TaskDownloads, type Download } from './task-downloads.js';

/** Data of executions of nodes that may be too large for a run's page. */
@ApiController('instances/:id/tasks/:taskId')
export class TaskDownloadsController {
  constructor(private readonly downloads: TaskDownloads) {}

  @Get('result')
  @Needs('read', 'Instance', 'id')
  @Answers(200, 'The result of an execution, whole.', z.unknown())
  async result(@Param('id') id: string, @Param('taskId') taskId: string, @Res() response: Response): Promise<void> {
    await send(response, await this.downloads.json(id, taskId, 'result'), { 'content-type': 'application/json; charset=utf-8' });
  }

  @Get('input')
  @Needs('read', 'Instance', 'id')
  @Answers(200, 'The arguments of an execution, whole.', z.unknown())
  async input(@Param('id') id: string, @Param('taskId') taskId: string, @Res() response: Response): Promise<void> {
    await send(response, await this.downloads.json(id, taskId, 'input'), { 'content-type': 'application/json; charset=utf-8' });
  }

  @Get('files/*name')
  @Needs('read', 'Instance', 'id')
  @ApiProduces('application/octet-stream')
  @Answers(200, 'A file that the execution left as a result, by its name.')
  async file(
    @Param('id') id: string,
    @Param('taskId') taskId: string,
    @Param('name') name: string | readonly string[],
    @Res() response: Response,
  ): Promise<void> {
    const path = typeof name === 'string' ? name : name.join('/');
    await send(response, await this.downloads.file(id, taskId, path), {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(path.split('/').at(-1) ?? 'file').replaceAll("'", '%27')}`,
    });
  }
}

/** Sends a content no faster than its client takes it. One that breaks off is cut, so that nobody takes a part for the whole. */
const send = async (response: Response, { bytes, content }: Download, headers: Readonly<Record<string, string>>): Promise<void> => {
  response.set({ ...headers, 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-transform' });
  if (bytes !== null) response.set('content-length', String(bytes));
  await pipeline(Readable.from(content, { objectMode: true, highWaterMark: 2 }), response).catch((error: unknown) => {
    if (!response.headersSent) throw error;
    response.destroy();
  });
};
