import { Body, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { CurrentPrincipal, Logins, NeedsLogin, type LoggedIn, type Principal } from '@orderlines/auth';
import { LoginBody, LoginMethods, Session, UserView } from '@orderlines/contracts';
import type { SessionPlace } from '@orderlines/persistence';
import type { Request, Response } from 'express';
import { Answers, AnswersAnybody, ApiController } from '../http/documentation.js';
import { Visitor } from '../http/visitor.js';
import { Registrations } from '../user/registrations.js';
import { Cookies, REFRESH_COOKIE } from './cookies.js';
import { OidcDoor } from './oidc-door.js';

/** Logging in and out. */
@ApiController('sessions')
export class SessionController {
  constructor(
    private readonly logins: Logins,
    private readonly cookies: Cookies,
    private readonly registrations: Registrations,
    private readonly oidc: OidcDoor,
  ) {}

  @Get('methods')
  @AnswersAnybody(200, 'What a login page has to offer.', LoginMethods)
  methods(): LoginMethods {
    return { oidc: this.oidc.logins?.settings.name ?? null, registration: this.registrations.isOpen() };
  }

  @Post()
  @AnswersAnybody(201, 'Logs in; the access token is shown this once, the refresh token goes into a cookie.', Session)
  async login(
    @Body({ schema: LoginBody }) credentials: LoginBody,
    @Visitor() place: SessionPlace,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Session> {
    return this.give(response, await this.logins.login(credentials, place));
  }

  @Post('refresh')
  @HttpCode(200)
  @AnswersAnybody(
    200,
    'Exchanges the refresh token of the cookie for the next one and an access token; one shown twice ends the session.',
    Session,
  )
  async refresh(@Req() request: Request, @Visitor() place: SessionPlace, @Res({ passthrough: true }) response: Response): Promise<Session> {
    try {
      return this.give(response, await this.logins.refresh(this.cookies.read(request, REFRESH_COOKIE), place));
    } catch (error) {
      this.cookies.clear(response, REFRESH_COOKIE);
      throw error;
    }
  }

  @Delete('current')
  @NeedsLogin()
  @HttpCode(204)
  @Answers(204, 'Logs out: the session is over, with all its tokens; a token without a session is revoked.')
  async logout(@CurrentPrincipal() principal: Principal, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.logins.logout(principal);
    this.cookies.clear(response, REFRESH_COOKIE);
  }

  private give(response: Response, { token, expiresAt, user, refreshToken, sessionExpiresAt }: LoggedIn): Session {
    this.cookies.set(response, REFRESH_COOKIE, refreshToken, sessionExpiresAt);
    response.setHeader('cache-control', 'no-store');
    return { token, expiresAt: expiresAt.toISOString(), user: UserView.parse(user) };
  }
}
