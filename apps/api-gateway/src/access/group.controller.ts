import { Body, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { AccessName, GroupBody, GroupList, GroupView, MembersBody } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Groups } from './groups.js';

/** People who share roles and rules. */
@ApiController('groups')
export class GroupController {
  constructor(private readonly groups: Groups) {}

  @Get()
  @Needs('read', 'Group')
  @Answers(200, 'Groups by name.', GroupList)
  list(@CurrentPrincipal() principal: Principal): Promise<GroupList> {
    return this.groups.list(principal);
  }

  @Get(':name')
  @Needs('read', 'Group', 'name')
  @Answers(200, 'A group with its members, roles and rules.', GroupView)
  get(@Param('name') name: string): Promise<GroupView> {
    return this.groups.get(name);
  }

  @Put(':name')
  @Needs('grant', 'Permission')
  @Answers(200, 'Makes a group, or changes all of it but its members.', GroupView)
  save(@Param('name', { schema: AccessName }) name: string, @Body({ schema: GroupBody }) body: GroupBody): Promise<GroupView> {
    return this.groups.save(name, body);
  }

  @Put(':name/members')
  @Needs('appoint', 'Group', 'name')
  @Answers(200, 'Gives a group these members instead of those that it had.', GroupView)
  appoint(
    @Param('name') name: string,
    @Body({ schema: MembersBody }) body: MembersBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<GroupView> {
    return this.groups.appoint(name, body, principal);
  }

  @Delete(':name')
  @Needs('grant', 'Permission')
  @HttpCode(204)
  @Answers(204, 'Removes a group: its members lose what it gave them.')
  remove(@Param('name') name: string): Promise<void> {
    return this.groups.remove(name);
  }
}
