import { Body, Delete, Get, HttpCode, Ip, Post } from '@nestjs/common';
import { Authenticator, CurrentPrincipal, OpenDoor, type Principal } from '@orderlines/auth';
import { LoginBody, Session, UserView } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';

/** Logging in and out. */
@ApiController('sessions')
export class SessionController {
  constructor(private readonly authenticator: Authenticator) {}

  @Post()
  @OpenDoor()
  @Answers(201, 'Logs in; the token is shown this once.', Session)
  async login(@Body({ schema: LoginBody }) { login, password }: LoginBody, @Ip() address: string): Promise<Session> {
    const { token, expiresAt, user } = await this.authenticator.login(login, password, address);
    return { token, expiresAt: expiresAt.toISOString(), user: UserView.parse(user) };
  }

  @Delete('current')
  @HttpCode(204)
  @Answers(204, 'Logs out: the token is useless from now on.')
  async logout(@CurrentPrincipal() principal: Principal): Promise<void> {
    await this.authenticator.logout(principal);
  }
}

/** Who is asking. */
@ApiController('me')
export class MeController {
  @Get()
  @Answers(200, 'Who holds the token.', UserView)
  me(@CurrentPrincipal() { user }: Principal): UserView {
    return UserView.parse(user);
  }
}
