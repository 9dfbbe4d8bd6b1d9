import { Body, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { KeyRotation, UsageView, SecretBody, SecretName, SecretQuery, SecretView } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Usages } from '../variable/usages.js';
import { Secrets } from './secrets.js';

/** Secrets that expressions read as `secrets.<name>`; nobody reads their values here. */
@ApiController('secrets')
export class SecretController {
  constructor(
    private readonly secrets: Secrets,
    private readonly usages: Usages,
  ) {}

  @Get()
  @Needs('read', 'Secret')
  @Answers(200, 'Secrets by namespace and name, without their values.', SecretView.array())
  list(@CurrentPrincipal() principal: Principal): Promise<SecretView[]> {
    return this.secrets.list(principal);
  }

  @Get(':name/usage')
  @Needs('read', 'Secret')
  @Answers(200, 'Versions of processes that name a secret, and the schedules that start them.', UsageView.array())
  usage(
    @Param('name', { schema: SecretName }) name: string,
    @Query({ schema: SecretQuery }) { namespace }: SecretQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<UsageView[]> {
    return this.usages.find({ kind: 'secrets', namespace, name }, principal);
  }

  @Post('rotation')
  @Needs('write', 'Parameter')
  @HttpCode(200)
  @Answers(200, 'Seals some more secrets with the newest key; to be asked again until none remains.', KeyRotation)
  rotate(): Promise<KeyRotation> {
    return this.secrets.rotate();
  }

  @Put(':name')
  @Needs('write', 'Secret')
  @Answers(200, 'Stores a secret of a namespace, or of all.', SecretView)
  set(
    @Param('name', { schema: SecretName }) name: string,
    @Query({ schema: SecretQuery }) { namespace }: SecretQuery,
    @Body({ schema: SecretBody }) body: SecretBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SecretView> {
    return this.secrets.set({ namespace, name }, body, principal);
  }

  @Delete(':name')
  @Needs('delete', 'Secret')
  @HttpCode(204)
  @Answers(204, 'Removes a secret; tasks that name it fail from now on.')
  remove(
    @Param('name', { schema: SecretName }) name: string,
    @Query({ schema: SecretQuery }) { namespace }: SecretQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.secrets.remove({ namespace, name }, principal);
  }
}
