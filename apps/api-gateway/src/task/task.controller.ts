import { Get, Query } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { TaskPage, TaskQuery } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { Instances } from '../instance/instances.js';

/** Executions of nodes. */
@ApiController('tasks')
export class TaskController {
  constructor(private readonly instances: Instances) {}

  @Get()
  @Needs('read', 'Instance')
  @Answers(200, 'Executions of nodes, those of newer runs first.', TaskPage)
  list(@Query({ schema: TaskQuery }) query: TaskQuery, @CurrentPrincipal() principal: Principal): Promise<TaskPage> {
    return this.instances.tasks(query, principal);
  }
}
