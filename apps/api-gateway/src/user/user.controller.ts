import { Body, Post } from '@nestjs/common';
import { addUser, Needs } from '@orderlines/auth';
import { NewUserBody, UserView } from '@orderlines/contracts';
import { EntityManager } from 'typeorm';
import { Answers, ApiController } from '../http/documentation.js';

/** People who may log in. */
@ApiController('users')
export class UserController {
  constructor(private readonly manager: EntityManager) {}

  @Post()
  @Needs('write', 'User')
  @Answers(201, 'Adds a user (administrators only).', UserView)
  async add(@Body({ schema: NewUserBody }) user: NewUserBody): Promise<UserView> {
    return UserView.parse(await addUser(this.manager, user));
  }
}
