import { Body, Delete, Get, HttpCode, Ip, Post, Put } from '@nestjs/common';
import { Authenticator, CurrentPrincipal, NeedsLogin, type Principal } from '@orderlines/auth';
import { LoginBody, NewPasswordBody, Session, UserView } from '@orderlines/contracts';
import { Answers, AnswersAnybody, ApiController } from '../http/documentation.js';

/** Logging in and out. */
@ApiController('sessions')
export class SessionController {
  constructor(private readonly authenticator: Authenticator) {}

  @Post()
  @AnswersAnybody(201, 'Logs in; the token is shown this once.', Session)
  async login(@Body({ schema: LoginBody }) { login, password }: LoginBody, @Ip() address: string): Promise<Session> {
    const { token, expiresAt, user } = await this.authenticator.login(login, password, address);
    return { token, expiresAt: expiresAt.toISOString(), user: UserView.parse(user) };
  }

  @Delete('current')
  @NeedsLogin()
  @HttpCode(204)
  @Answers(204, 'Logs out: the token is useless from now on.')
  async logout(@CurrentPrincipal() principal: Principal): Promise<void> {
    await this.authenticator.logout(principal);
  }
}

/** Who is asking. */
@ApiController('me')
export class MeController {
  constructor(private readonly authenticator: Authenticator) {}

  @Get()
  @NeedsLogin()
  @Answers(200, 'Who holds the token.', UserView)
  me(@CurrentPrincipal() { user }: Principal): UserView {
    return UserView.parse(user);
  }

  @Put('password')
  @NeedsLogin()
  @HttpCode(204)
  @Answers(204, 'Changes the password of whoever holds the token, and ends all their other sessions.')
  async changePassword(
    @Body({ schema: NewPasswordBody }) { current, new: chosen }: NewPasswordBody,
    @CurrentPrincipal() principal: Principal,
    @Ip() address: string,
  ): Promise<void> {
    await this.authenticator.changePassword(principal, current, chosen, address);
  }
}
