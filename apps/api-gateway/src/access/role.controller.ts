import { Body, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { AccessName, RoleBody, RoleList, RoleView } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Roles } from './roles.js';

/** Sets of rules that users and groups hold. */
@ApiController('roles')
export class RoleController {
  constructor(private readonly roles: Roles) {}

  @Get()
  @Needs('read', 'Role')
  @Answers(200, 'Roles by name, with their rules.', RoleList)
  list(@CurrentPrincipal() principal: Principal): Promise<RoleList> {
    return this.roles.list(principal);
  }

  @Get(':name')
  @Needs('read', 'Role', 'name')
  @Answers(200, 'A role with its rules.', RoleView)
  get(@Param('name') name: string): Promise<RoleView> {
    return this.roles.get(name);
  }

  @Put(':name')
  @Needs('grant', 'Permission')
  @Answers(200, 'Makes a role, or gives it other rules. Built-in roles stay as they are (409).', RoleView)
  save(@Param('name', { schema: AccessName }) name: string, @Body({ schema: RoleBody }) body: RoleBody): Promise<RoleView> {
    return this.roles.save(name, body);
  }

  @Delete(':name')
  @Needs('grant', 'Permission')
  @HttpCode(204)
  @Answers(204, 'Removes a role from everybody who holds it, and for good.')
  remove(@Param('name') name: string): Promise<void> {
    return this.roles.remove(name);
  }
}
