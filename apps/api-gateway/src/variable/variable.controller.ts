import { Body, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { UsageView, VariableBody, VariableName, VariableQuery, VariableView } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Usages } from './usages.js';
import { Variables } from './variables.js';

/** Variables of namespaces, which expressions read as `config.<name>`. */
@ApiController('variables')
export class VariableController {
  constructor(
    private readonly variables: Variables,
    private readonly usages: Usages,
  ) {}

  @Get()
  @Needs('read', 'Variable')
  @Answers(200, 'Variables by namespace and name; those without a namespace are for all.', VariableView.array())
  list(@CurrentPrincipal() principal: Principal): Promise<VariableView[]> {
    return this.variables.list(principal);
  }

  @Get(':name/usage')
  @Needs('read', 'Variable')
  @Answers(200, 'Versions of processes that name a variable, and the schedules that start them.', UsageView.array())
  usage(
    @Param('name', { schema: VariableName }) name: string,
    @Query({ schema: VariableQuery }) { namespace }: VariableQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<UsageView[]> {
    return this.usages.find({ kind: 'config', namespace, name }, principal);
  }

  @Put(':name')
  @Needs('write', 'Variable')
  @Answers(200, 'Stores a variable of a namespace, or of all; runs that start from now on see it.', VariableView)
  set(
    @Param('name', { schema: VariableName }) name: string,
    @Query({ schema: VariableQuery }) { namespace }: VariableQuery,
    @Body({ schema: VariableBody }) body: VariableBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<VariableView> {
    return this.variables.set({ namespace, name }, body, principal);
  }

  @Delete(':name')
  @Needs('delete', 'Variable')
  @HttpCode(204)
  @Answers(204, 'Removes a variable; processes that name it cannot be started from now on.')
  remove(
    @Param('name', { schema: VariableName }) name: string,
    @Query({ schema: VariableQuery }) { namespace }: VariableQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.variables.remove({ namespace, name }, principal);
  }
}
