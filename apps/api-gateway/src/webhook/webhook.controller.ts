import { HttpCode, Param, Post, Req } from '@nestjs/common';
import { WebhookTaken } from '@orderlines/contracts';
import type { Request } from 'express';
import { AnswersAnybody, ApiController } from '../http/documentation.js';
import type { WebhookRequest } from './delivery.js';
import { readBody } from './read-body.js';
import { Webhooks } from './webhooks.js';

/** Where the world calls triggers: the token in the address, and what its signature says, are all that is asked for. */
@ApiController('webhooks')
export class WebhookController {
  constructor(private readonly webhooks: Webhooks) {}

  @Post(':token')
  @HttpCode(202)
  @AnswersAnybody(202, 'Takes a request for a trigger; what comes of it stands in the evaluation.', WebhookTaken)
  async receive(@Param('token') token: string, @Req() request: Request): Promise<WebhookTaken> {
    const webhook = await this.webhooks.called(token);
    return this.webhooks.take(webhook, requestOf(request, await readBody(request)));
  }
}

const requestOf = ({ method, headers, query }: Request, body: Buffer): WebhookRequest => ({
  method,
  headers: textsOf(headers),
  query: textsOf(query),
  body,
});

/** What was given several times is joined as HTTP does it. */
const textsOf = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat().join(', ')]])));
