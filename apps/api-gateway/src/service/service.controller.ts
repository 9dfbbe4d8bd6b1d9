import { Get } from '@nestjs/common';
import { Needs } from '@orderlines/auth';
import { ServiceList } from '@orderlines/contracts';
import { listServices } from '@orderlines/persistence';
import { EntityManager } from 'typeorm';
import { Answers, ApiController } from '../http/documentation.js';

/** The services of the platform; workers stand under `workers`. */
@ApiController('services')
export class ServiceController {
  constructor(private readonly manager: EntityManager) {}

  @Get()
  @Needs('read', 'Worker')
  @Answers(200, 'Services that are up, and those that fell silent within the last hour.', ServiceList)
  async list(): Promise<ServiceList> {
    return { items: await listServices(this.manager) };
  }
}
