import { Body, Get, HttpCode, Post } from '@nestjs/common';
import { CurrentPrincipal, Logins, NeedsOwnAccount, SecondFactors, type Principal } from '@orderlines/auth';
import { CodeBody, PasswordBody, RecoveryCodes, SecondFactorBegun, SecondFactorState } from '@orderlines/contracts';
import type { SessionPlace } from '@orderlines/persistence';
import { Answers, ApiController } from '../http/documentation.js';
import { Visitor } from '../http/visitor.js';

/** One's own second factor. */
@ApiController('me/second-factor')
export class SecondFactorController {
  constructor(
    private readonly logins: Logins,
    private readonly secondFactors: SecondFactors,
  ) {}

  @Get()
  @NeedsOwnAccount()
  @Answers(200, 'Whether a second factor is in use.', SecondFactorState)
  async state(@CurrentPrincipal() { user }: Principal): Promise<SecondFactorState> {
    return { inUse: await this.secondFactors.isInUse(user.id), recoveryCodes: await this.secondFactors.recoveryCodesLeft(user.id) };
  }

  @Post()
  @NeedsOwnAccount()
  @Answers(
    201,
    'Begins a second factor: shows what the authenticator app needs. It is in use once a code of it was shown.',
    SecondFactorBegun,
  )
  async begin(
    @Body({ schema: PasswordBody }) { password }: PasswordBody,
    @CurrentPrincipal() { user }: Principal,
    @Visitor() { address }: SessionPlace,
  ): Promise<SecondFactorBegun> {
    await this.logins.requirePassword(user, password, address);
    return this.secondFactors.begin(user);
  }

  @Post('confirmation')
  @HttpCode(200)
  @NeedsOwnAccount()
  @Answers(200, 'Puts the second factor in use and gives recovery codes, shown this once.', RecoveryCodes)
  async confirm(@Body({ schema: CodeBody }) { code }: CodeBody, @CurrentPrincipal() principal: Principal): Promise<RecoveryCodes> {
    return { codes: await this.secondFactors.confirm(principal.user, code) };
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @NeedsOwnAccount()
  @Answers(200, 'Gives new recovery codes in place of the old ones, shown this once.', RecoveryCodes)
  async recoveryCodes(
    @Body({ schema: PasswordBody }) { password }: PasswordBody,
    @CurrentPrincipal() principal: Principal,
    @Visitor() { address }: SessionPlace,
  ): Promise<RecoveryCodes> {
    await this.logins.requirePassword(principal.user, password, address);
    return { codes: await this.secondFactors.newRecoveryCodes(principal.user) };
  }

  @Post('removal')
  @HttpCode(204)
  @NeedsOwnAccount()
  @Answers(204, 'Removes the second factor.')
  async remove(
    @Body({ schema: PasswordBody }) { password }: PasswordBody,
    @CurrentPrincipal() principal: Principal,
    @Visitor() { address }: SessionPlace,
  ): Promise<void> {
    await this.logins.requirePassword(principal.user, password, address);
    await this.secondFactors.remove(principal.user);
  }
}
