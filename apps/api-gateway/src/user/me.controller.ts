import { Body, Delete, Get, HttpCode, Patch, Put } from '@nestjs/common';
import { CurrentPrincipal, Logins, NeedsLogin, NeedsOwnAccount, type Principal } from '@orderlines/auth';
import { NewPasswordBody, PictureBody, ProfileBody, UserView } from '@orderlines/contracts';
import type { SessionPlace } from '@orderlines/persistence';
import { Answers, ApiController } from '../http/documentation.js';
import { Visitor } from '../http/visitor.js';
import { Users } from './users.js';

/** Who is asking. */
@ApiController('me')
export class MeController {
  constructor(
    private readonly logins: Logins,
    private readonly users: Users,
  ) {}

  @Get()
  @NeedsLogin()
  @Answers(200, 'Who holds the token.', UserView)
  me(@CurrentPrincipal() { user }: Principal): UserView {
    return UserView.parse(user);
  }

  @Patch()
  @NeedsOwnAccount()
  @Answers(200, 'Changes one’s own profile.', UserView)
  change(@Body({ schema: ProfileBody }) body: ProfileBody, @CurrentPrincipal() { user }: Principal): Promise<UserView> {
    return this.users.changeProfile(user, body);
  }

  @Put('password')
  @NeedsOwnAccount('always')
  @HttpCode(204)
  @Answers(204, 'Changes the password of whoever holds the token; ends all their other sessions, and logins of the command line.')
  async changePassword(
    @Body({ schema: NewPasswordBody }) { current, new: chosen }: NewPasswordBody,
    @CurrentPrincipal() principal: Principal,
    @Visitor() { address }: SessionPlace,
  ): Promise<void> {
    await this.logins.changePassword(principal, current, chosen, address);
  }

  @Put('picture')
  @NeedsOwnAccount()
  @Answers(200, 'Sets one’s picture.', UserView)
  setPicture(@Body({ schema: PictureBody }) { base64 }: PictureBody, @CurrentPrincipal() { user }: Principal): Promise<UserView> {
    return this.users.setPicture(user, Buffer.from(base64, 'base64'));
  }

  @Delete('picture')
  @NeedsOwnAccount()
  @Answers(200, 'Removes one’s picture.', UserView)
  removePicture(@CurrentPrincipal() { user }: Principal): Promise<UserView> {
    return this.users.setPicture(user, null);
  }
}
