import { Body, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { SecretBody, SecretName, SecretQuery, SecretView } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Secrets } from './secrets.js';

/** Secrets that expressions read as `secrets.<name>`; nobody reads their values here. */
@ApiController('secrets')
export class SecretController {
  constructor(private readonly secrets: Secrets) {}

  @Get()
  @Needs('read', 'Secret')
  @Answers(200, 'Secrets by namespace and name, without their values.', SecretView.array())
  list(@CurrentPrincipal() principal: Principal): Promise<SecretView[]> {
    return this.secrets.list(principal);
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
