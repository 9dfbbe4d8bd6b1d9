import { Body, Delete, Get, Param, Put } from '@nestjs/common';
import { actorOf, CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { ParameterBody, ParameterNameParam, ParameterView, type ParameterName } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { ParameterList } from './parameter-list.js';

/** System parameters: settings of the whole platform that hold without a restart. */
@ApiController('parameters')
export class ParameterController {
  constructor(private readonly parameters: ParameterList) {}

  @Get()
  @Needs('read', 'Parameter')
  @Answers(200, 'All system parameters with what they mean, their values and defaults.', ParameterView.array())
  list(@CurrentPrincipal() principal: Principal): Promise<ParameterView[]> {
    return this.parameters.list(principal);
  }

  @Put(':name')
  @Needs('write', 'Parameter', 'name')
  @Answers(200, 'Changes a parameter; services follow within five seconds.', ParameterView)
  set(
    @Param('name', { schema: ParameterNameParam }) name: ParameterName,
    @Body({ schema: ParameterBody }) { value }: ParameterBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ParameterView> {
    return this.parameters.set(name, value, actorOf(principal));
  }

  @Delete(':name')
  @Needs('write', 'Parameter', 'name')
  @Answers(200, 'Gives a parameter its default again.', ParameterView)
  reset(
    @Param('name', { schema: ParameterNameParam }) name: ParameterName,
    @CurrentPrincipal() principal: Principal,
  ): Promise<ParameterView> {
    return this.parameters.reset(name, actorOf(principal));
  }
}
