import { Get } from '@nestjs/common';
import { NeedsLogin } from '@orderlines/auth';
import { About } from '@orderlines/contracts';
import { newestMigration } from '@orderlines/persistence';
import { VERSION } from '@orderlines/service-host';
import { EntityManager } from 'typeorm';
import { Answers, ApiController } from '../http/documentation.js';

/** Which release this is: strangers need not know. */
@ApiController('about')
export class AboutController {
  constructor(private readonly manager: EntityManager) {}

  @Get()
  @NeedsLogin()
  @Answers(200, 'Which release answers.', About)
  async get(): Promise<About> {
    return { version: VERSION, schema: await newestMigration(this.manager), node: process.versions.node };
  }
}
