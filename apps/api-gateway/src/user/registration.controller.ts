import { Body, Post } from '@nestjs/common';
import { RegistrationBody, UserView } from '@orderlines/contracts';
import type { SessionPlace } from '@orderlines/persistence';
import { AnswersAnybody, ApiController } from '../http/documentation.js';
import { Visitor } from '../http/visitor.js';
import { Registrations } from './registrations.js';

/** People who register themselves. */
@ApiController('registrations')
export class RegistrationController {
  constructor(private readonly registrations: Registrations) {}

  @Post()
  @AnswersAnybody(201, 'Registers, where that is allowed; without rights until somebody lets them in.', UserView)
  register(@Body({ schema: RegistrationBody }) body: RegistrationBody, @Visitor() place: SessionPlace): Promise<UserView> {
    return this.registrations.register(body, place);
  }
}
