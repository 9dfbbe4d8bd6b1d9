import { Body, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { CurrentPrincipal, Needs, NeedsOwnAccount, requireWholeToken, type Principal } from '@orderlines/auth';
import { NewTokenBody, TokenMade, TokenView } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Users } from '../user/users.js';
import { Tokens } from './tokens.js';

/** One's own tokens. */
@ApiController('me/tokens')
export class OwnTokensController {
  constructor(private readonly tokens: Tokens) {}

  @Get()
  @NeedsOwnAccount()
  @Answers(200, 'One’s own tokens that can be used, newest first.', TokenView.array())
  list(@CurrentPrincipal() { user, tokenId }: Principal): Promise<TokenView[]> {
    return this.tokens.list(user.id, tokenId);
  }

  @Post()
  @NeedsOwnAccount()
  @Answers(201, 'Makes a token for a machine, shown this once; with rules it may do less than its owner.', TokenMade)
  make(@Body({ schema: NewTokenBody }) body: NewTokenBody, @CurrentPrincipal() { user }: Principal): Promise<TokenMade> {
    return this.tokens.make(user, body);
  }

  @Delete(':id')
  @NeedsOwnAccount()
  @HttpCode(204)
  @Answers(204, 'Revokes one of one’s own tokens.')
  async revoke(@Param('id') id: string, @CurrentPrincipal() { user }: Principal): Promise<void> {
    await this.tokens.revoke(user, id);
  }
}

/** Tokens of others: those of service accounts are made here. */
@ApiController('users/:userId/tokens')
export class TokenController {
  constructor(
    private readonly tokens: Tokens,
    private readonly users: Users,
  ) {}

  @Get()
  @Needs('read', 'Token', 'userId')
  @Answers(200, 'Tokens of a user that can be used, newest first.', TokenView.array())
  async list(@Param('userId') userId: string, @CurrentPrincipal() { tokenId }: Principal): Promise<TokenView[]> {
    return this.tokens.list((await this.users.require(userId)).id, tokenId);
  }

  @Post()
  @Needs('write', 'Token', 'userId')
  @Answers(201, 'Makes a token of a service account, shown this once.', TokenMade)
  async make(
    @Param('userId') userId: string,
    @Body({ schema: NewTokenBody }) body: NewTokenBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<TokenMade> {
    requireWholeToken(principal);
    const owner = await this.users.require(userId);
    return this.tokens.makeFor(owner, body, principal);
  }

  @Delete(':id')
  @Needs('revoke', 'Token', 'userId')
  @HttpCode(204)
  @Answers(204, 'Revokes a token of a user.')
  async revoke(@Param('userId') userId: string, @Param('id') id: string): Promise<void> {
    await this.tokens.revoke(await this.users.require(userId), id);
  }
}
