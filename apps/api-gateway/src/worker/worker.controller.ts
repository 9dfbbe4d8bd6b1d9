import { Get } from '@nestjs/common';
import { Needs } from '@orderlines/auth';
import { TaskTypeList, WorkerList } from '@orderlines/contracts';
import { Answers, ApiController } from '../http/documentation.js';
import { TaskTypes } from './task-types.js';

/** Workers that are up. */
@ApiController('workers')
export class WorkerController {
  constructor(private readonly taskTypes: TaskTypes) {}

  @Get()
  @Needs('read', 'Worker')
  @Answers(200, 'Workers that gave a sign of life in the last half minute.', WorkerList)
  async list(): Promise<WorkerList> {
    return { items: await this.taskTypes.workers() };
  }
}

/** What can be run. */
@ApiController('task-types')
export class TaskTypeController {
  constructor(private readonly taskTypes: TaskTypes) {}

  @Get()
  @Needs('read', 'Worker')
  @Answers(200, 'Task types that some worker has offered.', TaskTypeList)
  async list(): Promise<TaskTypeList> {
    return { items: [...(await this.taskTypes.list())] };
  }
}
