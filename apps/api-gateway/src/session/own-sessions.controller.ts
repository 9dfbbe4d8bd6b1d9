import { Delete, Get, HttpCode, Param, Res } from '@nestjs/common';
import { CurrentPrincipal, Logins, NeedsOwnAccount, type Principal } from '@orderlines/auth';
import { SessionsEnded, SessionView } from '@orderlines/contracts';
import { listLoginSessions } from '@orderlines/persistence';
import type { Response } from 'express';
import { EntityManager } from 'typeorm';
import { Answers, ApiController } from '../http/documentation.js';
import { notFound } from '../problems/request-refused.js';
import { Cookies, REFRESH_COOKIE } from './cookies.js';

/** One's own sessions. */
@ApiController('me/sessions')
export class OwnSessionsController {
  constructor(
    private readonly manager: EntityManager,
    private readonly logins: Logins,
    private readonly cookies: Cookies,
  ) {}

  @Get()
  @NeedsOwnAccount()
  @Answers(200, 'One’s live sessions with where and when they were used last, the last used first.', SessionView.array())
  async list(@CurrentPrincipal() { user, sessionId }: Principal): Promise<SessionView[]> {
    const sessions = await listLoginSessions(this.manager, user.id);
    return sessions.map(({ createdAt, lastUsedAt, expiresAt, id, method, address, userAgent }) => ({
      ...{ id, method, address, userAgent, current: id === sessionId },
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    }));
  }

  @Delete()
  @NeedsOwnAccount()
  @Answers(200, 'Logs out everywhere, here too; tokens of machines go on.', SessionsEnded)
  async endAll(@CurrentPrincipal() { user }: Principal, @Res({ passthrough: true }) response: Response): Promise<SessionsEnded> {
    const ended = await this.logins.end(user, {}, 'logout');
    this.cookies.clear(response, REFRESH_COOKIE);
    return { ended };
  }

  @Delete(':id')
  @NeedsOwnAccount()
  @HttpCode(204)
  @Answers(204, 'Ends one of one’s own sessions.')
  async end(@Param('id') id: string, @CurrentPrincipal() { user }: Principal): Promise<void> {
    if ((await this.logins.end(user, { id }, 'logout')) === 0) throw notFound('session.not-found', 'You have no such session.');
  }
}
