import { Body, Post } from '@nestjs/common';
import { addUser, CurrentPrincipal, Needs, requireRight, type Principal } from '@orderlines/auth';
import { NewUserBody, UserView } from '@orderlines/contracts';
import { replaceHeldRoles } from '@orderlines/persistence';
import { EntityManager } from 'typeorm';
import { Answers, ApiController } from '../http/documentation.js';

/** People who may log in. */
@ApiController('users')
export class UserController {
  constructor(private readonly manager: EntityManager) {}

  @Post()
  @Needs('write', 'User')
  @Answers(201, 'Adds a user; one with roles or an administrator only when one may grant rights.', UserView)
  add(@Body({ schema: NewUserBody }) { roles, ...user }: NewUserBody, @CurrentPrincipal() principal: Principal): Promise<UserView> {
    if (user.administrator || roles.length > 0) requireRight(principal, { action: 'grant', subject: 'Permission' });
    return this.manager.transaction(async (transaction) => {
      const added = await addUser(transaction, user);
      const held = roles.map((role) => ({ role, namespace: null }));
      await replaceHeldRoles(transaction, { userId: added.id }, held);
      return UserView.parse(added);
    });
  }
}
