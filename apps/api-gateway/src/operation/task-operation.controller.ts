import { Body, Param, Post } from '@nestjs/common';
import { CurrentPrincipal, Needs, type Principal } from '@orderlines/auth';
import { ChooseBody, FailTaskBody, OperationDone, RetryTaskBody, SucceedTaskBody, TaskBody } from '@orderlines/contracts';
import type { TaskOperation } from '@orderlines/process-engine';
import { ApiController, Does } from '../http/documentation.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { callerOf, Instances, requireTaskId } from '../instance/instances.js';

/** Operations on the executions of a run's nodes: what is allowed on each, the run says (`tasks[].allowed`). */
@ApiController('instances/:id/tasks/:taskId')
export class TaskOperationController {
  constructor(private readonly instances: Instances) {}

  @Post('retry')
  @Needs('repair', 'Instance', 'id')
  @Does('Repeats a failed node in place, with other arguments if wished; opens a run again that it had failed.', OperationDone)
  retry(
    @Param('id') id: string,
    @Param('taskId') taskId: string,
    @Body({ schema: RetryTaskBody }) body: RetryTaskBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.operate(id, taskId, { name: 'retry', ...body }, principal, key);
  }

  @Post('skip')
  @Needs('repair', 'Instance', 'id')
  @Does('Passes over a node that waits or has failed; the flow goes on.', OperationDone)
  skip(
    @Param('id') id: string,
    @Param('taskId') taskId: string,
    @Body({ schema: TaskBody }) body: TaskBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.operate(id, taskId, { name: 'skip', ...body }, principal, key);
  }

  @Post('fail')
  @Needs('repair', 'Instance', 'id')
  @Does('Fails a node that has not ended, without a repeat; its onError decides what follows.', OperationDone)
  fail(
    @Param('id') id: string,
    @Param('taskId') taskId: string,
    @Body({ schema: FailTaskBody }) body: FailTaskBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.operate(id, taskId, { name: 'fail', ...body }, principal, key);
  }

  @Post('succeed')
  @Needs('repair', 'Instance', 'id')
  @Does('Takes a node as done with the result that is given.', OperationDone)
  succeed(
    @Param('id') id: string,
    @Param('taskId') taskId: string,
    @Body({ schema: SucceedTaskBody }) body: SucceedTaskBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.operate(id, taskId, { name: 'succeed', ...body }, principal, key);
  }

  @Post('stop')
  @Needs('repair', 'Instance', 'id')
  @Does('Stops one node: its worker is told, then its flow ends with STOP.', OperationDone)
  stop(
    @Param('id') id: string,
    @Param('taskId') taskId: string,
    @Body({ schema: TaskBody }) body: TaskBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.operate(id, taskId, { name: 'stop', ...body }, principal, key);
  }

  @Post('choose')
  @Needs('repair', 'Instance', 'id')
  @Does('Sends a switch that could not decide the way of the case that is named.', OperationDone)
  choose(
    @Param('id') id: string,
    @Param('taskId') taskId: string,
    @Body({ schema: ChooseBody }) body: ChooseBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.operate(id, taskId, { name: 'choose', ...body }, principal, key);
  }

  @Post('raise')
  @Needs('repair', 'Instance', 'id')
  @Does('Lets a held node fail its flow.', OperationDone)
  raise(
    @Param('id') id: string,
    @Param('taskId') taskId: string,
    @Body({ schema: TaskBody }) body: TaskBody,
    @CurrentPrincipal() principal: Principal,
    @IdempotencyKey() key: string | undefined,
  ): Promise<OperationDone> {
    return this.operate(id, taskId, { name: 'raise', ...body }, principal, key);
  }

  private operate(
    id: string,
    taskId: string,
    operation: Unaddressed<TaskOperation>,
    principal: Principal,
    key: string | undefined,
  ): Promise<OperationDone> {
    return this.instances.operate(id, { taskInstanceId: requireTaskId(id, taskId), ...operation }, callerOf(principal, key));
  }
}

type Unaddressed<Operation> = Operation extends unknown ? Omit<Operation, 'taskInstanceId'> : never;
