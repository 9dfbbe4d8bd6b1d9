import { Get, Query, Req, Res } from '@nestjs/common';
import { Logins } from '@orderlines/auth';
import type { SessionPlace } from '@orderlines/persistence';
import { OrderlinesError } from '@orderlines/service-host';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { AnswersAnybody, ApiController } from '../http/documentation.js';
import { Visitor } from '../http/visitor.js';
import { notFound } from '../problems/request-refused.js';
import { Cookies, OIDC_COOKIE, REFRESH_COOKIE } from './cookies.js';
import { OidcDoor } from './oidc-door.js';

const ReturnTo = z.object({ return_to: z.string().max(500).default('/') });

/** Logging in at an OIDC provider; the browser is sent there and back. */
@ApiController('sessions/oidc')
export class OidcController {
  constructor(
    private readonly door: OidcDoor,
    private readonly logins: Logins,
    private readonly cookies: Cookies,
  ) {}

  @Get()
  @AnswersAnybody(302, 'Sends the browser to the OIDC provider; from there it comes back to `return_to`, logged in.')
  async begin(@Query({ schema: ReturnTo }) query: z.infer<typeof ReturnTo>, @Res() response: Response): Promise<void> {
    const { url, browserKey, expiresAt } = await this.oidc().begin(query.return_to);
    this.cookies.set(response, OIDC_COOKIE, browserKey, expiresAt);
    response.redirect(302, url);
  }

  @Get('callback')
  @AnswersAnybody(302, 'Where the provider sends the browser: begins the session, or goes to `/login?problem=<code>`.')
  async finish(@Req() request: Request, @Visitor() place: SessionPlace, @Res() response: Response): Promise<void> {
    const oidc = this.oidc();
    const browserKey = this.cookies.read(request, OIDC_COOKIE);
    this.cookies.clear(response, OIDC_COOKIE);
    try {
      const { user, returnTo } = await oidc.finish(browserKey, request.url.split('?')[1] ?? '');
      const { refreshToken, sessionExpiresAt } = await this.logins.begin(user, 'oidc', place);
      this.cookies.set(response, REFRESH_COOKIE, refreshToken, sessionExpiresAt);
      response.redirect(302, returnTo);
    } catch (error) {
      if (!(error instanceof OrderlinesError)) throw error;
      response.redirect(302, `/login?problem=${encodeURIComponent(error.code)}`);
    }
  }

  private oidc() {
    if (this.door.logins === undefined) throw notFound('auth.no-oidc', 'This installation has no OIDC provider.');
    return this.door.logins;
  }
}
