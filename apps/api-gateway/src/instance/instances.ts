import { randomUUID } from 'node:crypto';
import { actorOf, type ObjectRights, type Principal } from '@orderlines/auth';
import {
  PROCESS_STATUSES,
  type Explanation,
  type InstanceDetail,
  type InstancePage,
  type InstanceQuery,
  type InstanceStarted,
  type OperationDone,
  type ParkedEventPage,
  type ParkedEventQuery,
  type ProcessStatus,
  type RerunBody,
  type RestartBody,
  type RunGrid,
  type RunGridQuery,
  type StartInstanceBody,
  type StartPlan,
  type TaskPage,
  type TaskQuery,
} from '@orderlines/contracts';
import {
  explainInstance,
  listInstances,
  listParkedEvents,
  listTasks,
  readInstance,
  readRunGrid,
  runOfParkedEvent,
} from '@orderlines/persistence';
import type { AnswerOperation, DebugOperation, EventOperation, RunOperation, TaskOperation } from '@orderlines/process-engine';
import type { ExecutorClient, OperateInstanceResponse } from '@orderlines/rpc';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { operationRefused } from '../operation/operation-refused.js';
import { notFound, type RequestRefused } from '../problems/request-refused.js';
import { findReferred, requireKnown, requireListed, requireRunnable, requireVersion, type Runnable } from '../process/process-reference.js';
import { withAllowed } from './allowed-operations.js';
import { planStart } from './start-plan.js';

/** Who asks for a change, and under which key of theirs: the same key with the same request gets the same answer. */
export interface Caller {
  readonly principal: Principal;
  readonly idempotencyKey?: string;
}

/** An operation on a run or one of its nodes, as the executor takes it. */
type Operation =
  | RunOperation
  | EventOperation
  | TaskOperation
  | DebugOperation
  | AnswerOperation
  | ({ readonly name: 'restart' } & RestartBody)
  | ({ readonly name: 'rerun' } & RerunBody);

/** Runs: started and operated through an executor, read from the database. */
export class Instances {
  constructor(
    private readonly manager: EntityManager,
    private readonly pool: Pool,
    private readonly executor: ExecutorClient,
    private readonly objects: ObjectRights,
  ) {}

  /** Starts a run of the version that is meant. */
  async start({ process: reference, params, origin, mode, stops }: StartInstanceBody, caller: Caller): Promise<InstanceStarted> {
    const { version } = await this.startable(reference, caller.principal);
    const { instanceId, number, status } = await this.executor.startInstance({
      processVersionId: version.id,
      paramsJson: JSON.stringify(params),
      actor: actorOf(caller.principal),
      origin,
      idempotencyKey: keyOf(caller),
      logicalTime: 0,
      ...(mode === 'debug' && { debug: stops }),
    });
    return { id: instanceId, number, status: statusOf(status) };
  }

  /** What a start would do; nothing is stored or run. */
  async plan({ process: reference, params, origin }: StartInstanceBody, { principal }: Caller): Promise<StartPlan> {
    const { processId, version, ...names } = await this.startable(reference, principal);
    const process = { id: processId, ...names };
    return planStart(process, await requireVersion(this.manager, process, version.number), params, actorOf(principal), origin);
  }

  private async startable(reference: string, principal: Principal): Promise<Runnable> {
    const referred = await findReferred(this.pool, reference);
    await this.objects.require(principal, { action: 'start', subject: 'Process' }, referred.found.processId, reference);
    return requireRunnable(referred);
  }

  /** Does something to a run or to one of its nodes. */
  async operate(
    id: string,
    operation: RunOperation | TaskOperation | DebugOperation | EventOperation,
    caller: Caller,
  ): Promise<OperationDone> {
    const { status, runningTaskInstanceIds } = await this.ask(id, operation, caller);
    return { status: statusOf(status), runningTasks: runningTaskInstanceIds };
  }

  /** Makes a new run with the params of one that has ended. */
  restart(id: string, { version }: RestartBody, caller: Caller): Promise<InstanceStarted> {
    return this.runAgain(id, { name: 'restart', version }, caller);
  }

  /** Makes a new run of one that has ended, which begins at a node with the results of what came before it. */
  rerun(id: string, { from, version }: RerunBody, caller: Caller): Promise<InstanceStarted> {
    return this.runAgain(id, { name: 'rerun', from, version }, caller);
  }

  private async runAgain(id: string, operation: Operation, caller: Caller): Promise<InstanceStarted> {
    const { newInstanceId } = await this.ask(id, operation, caller);
    const { number, status } = await this.get(newInstanceId);
    return { id: newInstanceId, number, status };
  }

  /** Runs that the principal may see, the newest first unless another order is wanted. */
  async list({ cursor, limit, sort, process, ...filter }: InstanceQuery, principal: Principal): Promise<InstancePage> {
    const processId = await requireListed(this.manager, process, { principal, listing: 'Instance' });
    const limits = principal.rights.limits('read', 'Instance');
    return listInstances(this.pool, { ...filter, processId, limits }, { limit, ...(cursor && { cursor }) }, sort);
  }

  /** The newest runs of a process that the principal may see, by the nodes they reached. */
  async grid({ process, limit }: RunGridQuery, principal: Principal): Promise<RunGrid> {
    const processId = await requireKnown(this.manager, process, { principal, listing: 'Instance' });
    return readRunGrid(this.pool, { processId, limit, limits: principal.rights.limits('read', 'Instance') });
  }

  /** A run with every execution of its nodes. */
  async get(id: string): Promise<InstanceDetail> {
    const stored = await readInstance(this.pool, requireId(id));
    if (!stored) throw noSuchRun(id);
    return withAllowed(stored);
  }

  /** What a run does, and what in it waits for what. */
  async explain(id: string): Promise<Explanation> {
    const explanation = await explainInstance(this.pool, requireId(id));
    if (!explanation) throw noSuchRun(id);
    return explanation;
  }

  /** Executions of nodes that the principal may see, those of newer runs first. */
  async tasks({ cursor, limit, instance, process, ...filter }: TaskQuery, principal: Principal): Promise<TaskPage> {
    const processId = await requireListed(this.manager, process, { principal, listing: 'Instance' });
    const limits = principal.rights.limits('read', 'Instance');
    return listTasks(this.pool, { ...filter, instanceId: instance, processId, limits }, { limit, ...(cursor && { cursor }) });
  }

  /** Events that could not be applied and that the principal may see, the oldest first. */
  parkedEvents({ cursor, limit, instance }: ParkedEventQuery, { rights }: Principal): Promise<ParkedEventPage> {
    const filter = { ...(instance && { instanceId: instance }), limits: rights.limits('read', 'ParkedEvent') };
    return listParkedEvents(this.pool, filter, { limit, ...(cursor && { cursor }) });
  }

  /** Lets an event that could not be applied be tried again, or drops it. */
  async releaseEvent(eventId: string, name: EventOperation['name'], caller: Caller): Promise<OperationDone> {
    const instanceId = z.uuid().safeParse(eventId).success ? await runOfParkedEvent(this.pool, eventId) : null;
    if (instanceId === null) throw notFound('parked-event.not-found', `There is no parked event ${eventId}.`);
    return this.operate(instanceId, { name, eventId }, caller);
  }

  /** Asks an executor to do something to a run or one of its nodes: the one way of all operations. A refusal is thrown as it is told to people. */
  async ask(id: string, operation: Operation, caller: Caller): Promise<OperateInstanceResponse> {
    const answer = await this.executor.operateInstance({
      instanceId: requireId(id),
      operationJson: JSON.stringify(operation),
      actor: actorOf(caller.principal),
      idempotencyKey: keyOf(caller),
    });
    if (answer.accepted) return answer;
    throw operationRefused(answer);
  }
}

/** Who asks for a change, as a door knows it. */
export const callerOf = (principal: Principal, key: string | undefined): Caller => ({
  principal,
  ...(key !== undefined && { idempotencyKey: key }),
});

/** Keys of different people never meet; without one a repeat is still recognised when another executor is asked. */
export const keyOf = ({ principal, idempotencyKey }: Caller): string => `${principal.user.id}:${idempotencyKey ?? randomUUID()}`;

const noSuchRun = (id: string): RequestRefused => notFound('instance.not-found', `There is no run ${id}.`);

/** A text that is no id names no run. */
export const requireId = (id: string): string => {
  if (z.uuid().safeParse(id).success) return id.toLowerCase();
  throw noSuchRun(id);
};

/** A text that is no id names no execution. */
export const requireTaskId = (instanceId: string, taskId: string): string => {
  if (z.uuid().safeParse(taskId).success) return taskId.toLowerCase();
  throw notFound('task.not-found', `The run ${instanceId} has no execution ${taskId}.`);
};

const statusOf = (text: string): ProcessStatus => z.enum(PROCESS_STATUSES).parse(text);
