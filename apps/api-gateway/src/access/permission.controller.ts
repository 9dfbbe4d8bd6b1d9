import { Body, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { CurrentPrincipal, Needs, NeedsLogin, type Principal } from '@orderlines/auth';
import {
  ExplainRightQuery,
  OwnRights,
  PermissionCatalogue,
  RightExplanation,
  RightHolders,
  RightHoldersQuery,
  UserAccess,
  UserAccessBody,
} from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { UserRights } from './user-rights.js';

/** Under this token Nest gives the catalogue of permissions. */
export const PERMISSION_CATALOGUE = Symbol('permission catalogue');

/** What can be allowed, who may do what, and why. */
@ApiController('permissions')
export class PermissionController {
  constructor(
    @Inject(PERMISSION_CATALOGUE) private readonly catalogue: PermissionCatalogue,
    private readonly rights: UserRights,
  ) {}

  @Get()
  @NeedsLogin()
  @Answers(200, 'Everything that can be allowed, with the routes and rpcs that need it.', PermissionCatalogue)
  all(): PermissionCatalogue {
    return this.catalogue;
  }

  @Get('mine')
  @NeedsLogin()
  @Answers(200, 'What the one who asks may do, as CASL rules: the later ones win.', OwnRights)
  own(@CurrentPrincipal() principal: Principal): OwnRights {
    return this.rights.own(principal);
  }

  @Get('explanation')
  @Needs('read', 'Permission')
  @Answers(200, 'Why a user may do something, or why not.', RightExplanation)
  explain(@Query({ schema: ExplainRightQuery }) query: ExplainRightQuery): Promise<RightExplanation> {
    return this.rights.explain(query);
  }

  @Get('holders')
  @Needs('read', 'Permission')
  @Answers(200, 'Users who may do something, by name.', RightHolders)
  holders(@Query({ schema: RightHoldersQuery }) query: RightHoldersQuery): Promise<RightHolders> {
    return this.rights.holders(query);
  }
}

/** Roles, groups and department of a user. */
@ApiController('users/:user/access')
export class UserAccessController {
  constructor(private readonly rights: UserRights) {}

  @Get()
  @Needs('read', 'Permission')
  @Answers(200, 'What a user holds, and every rule that counts for them.', UserAccess)
  get(@Param('user') user: string): Promise<UserAccess> {
    return this.rights.get(user);
  }

  @Put()
  @Needs('grant', 'Permission')
  @Answers(200, 'Gives a user other roles, groups or another department; what is absent stays as it is.', UserAccess)
  change(@Param('user') user: string, @Body({ schema: UserAccessBody }) body: UserAccessBody): Promise<UserAccess> {
    return this.rights.change(user, body);
  }
}
