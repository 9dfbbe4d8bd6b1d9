import { Get, Query, Res } from '@nestjs/common';
import { Needs } from '@orderlines/auth';
import { ApiLogExportQuery, ApiLogPage, ApiLogQuery, type ApiLogEntry } from '@orderlines/contracts';
import type { Response } from 'express';
import { Answers, ApiController } from '../http/documentation.js';
import { sendTable } from '../http/tables.js';
import { ApiLog } from './api-log.js';

/** Every request that came in by HTTP or gRPC. */
@ApiController('api-log')
export class ApiLogController {
  constructor(private readonly log: ApiLog) {}

  @Get()
  @Needs('read', 'ApiLog')
  @Answers(200, 'Requests, those answered last first.', ApiLogPage)
  list(@Query({ schema: ApiLogQuery }) query: ApiLogQuery): Promise<ApiLogPage> {
    return this.log.list(query);
  }

  @Get('export')
  @Needs('read', 'ApiLog')
  @Answers(200, 'All requests that the filter lets through, as CSV or one JSON object a line.')
  async export(@Query({ schema: ApiLogExportQuery }) query: ApiLogExportQuery, @Res() response: Response): Promise<void> {
    const { format, ...filter } = query;
    await sendTable(response, { name: 'api-log', format, columns: COLUMNS, rows: this.log.export(filter) });
  }
}

const COLUMNS: readonly (readonly [heading: string, value: (entry: ApiLogEntry) => unknown])[] = [
  ['at', ({ at }) => at],
  ['door', ({ door }) => door],
  ['method', ({ method }) => method],
  ['path', ({ path }) => path],
  ['status', ({ status }) => status],
  ['durationMs', ({ durationMs }) => durationMs],
  ['visitor', ({ visitor }) => visitor],
  ['address', ({ address }) => address],
  ['message', ({ message }) => message],
  ['request', ({ requestId }) => requestId],
];
