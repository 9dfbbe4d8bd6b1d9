import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { CurrentPrincipal, Needs, NeedsLogin, type Principal } from '@orderlines/auth';
import {
  NewUserBody,
  OneTimePassword,
  SessionsEnded,
  UserAdded,
  UserChangeBody,
  UserDetail,
  UserPage,
  UserQuery,
  UserView,
} from '@orderlines/contracts';
import type { Response } from 'express';
import { Answers, ApiController } from '../http/documentation.js';
import { Users } from './users.js';

const PICTURE_KEPT_SECONDS = 86_400;

/** People who may log in, and accounts of machines. */
@ApiController('users')
export class UserController {
  constructor(private readonly users: Users) {}

  @Get()
  @Needs('read', 'User')
  @Answers(200, 'Users by name.', UserPage)
  list(@Query({ schema: UserQuery }) query: UserQuery, @CurrentPrincipal() principal: Principal): Promise<UserPage> {
    return this.users.list(query, principal);
  }

  @Post()
  @Needs('write', 'User')
  @Answers(
    201,
    'Adds a user or service account, with roles only by whoever may grant rights; a password not given is made and shown this once.',
    UserAdded,
  )
  add(@Body({ schema: NewUserBody }) user: NewUserBody, @CurrentPrincipal() principal: Principal): Promise<UserAdded> {
    return this.users.add(user, principal);
  }

  @Get(':id')
  @Needs('read', 'User', 'id')
  @Answers(200, 'A user, with what is known of their logins.', UserDetail)
  get(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<UserDetail> {
    return this.users.get(id, principal);
  }

  @Patch(':id')
  @Needs('write', 'User', 'id')
  @Answers(200, 'Changes a user: lets them in, disables them, makes them an administrator …', UserView)
  change(
    @Param('id') id: string,
    @Body({ schema: UserChangeBody }) body: UserChangeBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<UserView> {
    return this.users.change(id, body, principal);
  }

  @Delete(':id')
  @Needs('delete', 'User', 'id')
  @HttpCode(204)
  @Answers(204, 'Removes a user with all tokens and sessions; what they did stays under their name.')
  async remove(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.users.remove(id, principal);
  }

  @Get(':id/picture')
  @NeedsLogin()
  @ApiProduces('image/png', 'image/jpeg', 'image/webp')
  @Answers(200, 'The picture of a user.')
  async picture(@Param('id') id: string, @Res() response: Response): Promise<void> {
    const { mediaType, bytes } = await this.users.picture(id);
    response.set({ 'content-type': mediaType, 'cache-control': `private, max-age=${PICTURE_KEPT_SECONDS}` });
    response.end(bytes);
  }

  @Post(':id/password-reset')
  @HttpCode(200)
  @Needs('write', 'User', 'id')
  @Answers(200, 'Makes a one-time password, shown this once, that must be changed; ends all sessions of the user.', OneTimePassword)
  async resetPassword(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<OneTimePassword> {
    return { oneTimePassword: await this.users.resetPassword(id, principal) };
  }

  @Post(':id/unlock')
  @HttpCode(204)
  @Needs('write', 'User', 'id')
  @Answers(204, 'Lets a user who is locked by failed logins try again.')
  async unlock(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.users.unlock(id, principal);
  }

  @Delete(':id/sessions')
  @Needs('write', 'User', 'id')
  @Answers(200, 'Ends all sessions of a user, and logins of the command line.', SessionsEnded)
  async endSessions(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<SessionsEnded> {
    return { ended: await this.users.endSessions(id, principal) };
  }

  @Delete(':id/second-factor')
  @Needs('write', 'User', 'id')
  @HttpCode(204)
  @Answers(204, 'Removes the second factor of a user who has lost it.')
  async removeSecondFactor(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.users.removeSecondFactor(id, principal);
  }
}
