import type { Principal } from '@orderlines/auth';
import {
  AnswerBody,
  DebugAction,
  ApprovalQuery,
  BatchBody,
  InstanceQuery,
  ParkedEventQuery,
  SignalBody,
  RerunBody,
  StartInstanceBody,
  VariablesBody,
  type Failure,
  type InstanceEvent,
  type InstanceSummary,
  type JsonObject,
  type LogLine,
  type TaskView,
} from '@orderlines/contracts';
import { instanceRpc } from '@orderlines/rpc';
import { z } from 'zod';
import type { Functions } from '../gateway.module.js';
import type { Caller } from '../instance/instances.js';
import type { Handlers } from './handlers.js';
import { toApproval } from './approval-message.js';
import { dateOf, pageOf, parseRequest } from './requests.js';
import { batchOf, taskOperationOf } from './operation-message.js';

/** `orderlines.instance.v1.InstanceService`. */
export const instanceService = (
  { instances, batches, approvals, signals, events, logs }: Functions,
  handlers: Handlers,
): instanceRpc.InstanceServiceServer => ({
  startInstance: handlers.unary(async ({ process, params, mode, stops, idempotencyKey }, principal) =>
    instances.start(
      parseRequest(StartInstanceBody, {
        ...{ process, params: params ?? {}, origin: 'api' },
        ...(mode !== '' && { mode }),
        ...(stops !== '' && { stops }),
      }),
      callerOf(principal, idempotencyKey),
    ),
  ),
  stopInstance: handlers.unary(({ id, force, idempotencyKey }, principal) =>
    instances.operate(id, { name: 'stop', force }, callerOf(principal, idempotencyKey)),
  ),
  pauseInstance: handlers.unary(({ id, idempotencyKey }, principal) =>
    instances.operate(id, { name: 'pause' }, callerOf(principal, idempotencyKey)),
  ),
  resumeInstance: handlers.unary(({ id, idempotencyKey }, principal) =>
    instances.operate(id, { name: 'resume' }, callerOf(principal, idempotencyKey)),
  ),
  restartInstance: handlers.unary(({ id, latestVersion, idempotencyKey }, principal) =>
    instances.restart(id, { version: latestVersion ? 'latest' : 'same' }, callerOf(principal, idempotencyKey)),
  ),
  answerApproval: handlers.unary(async ({ id, taskId, decision, comment, values, attempt, idempotencyKey }, principal) => {
    const body = { decision, comment, values: values ?? {}, ...(attempt !== 0 && { attempt }) };
    const taken = await approvals.answer(id, taskId, parseRequest(AnswerBody, body), callerOf(principal, idempotencyKey));
    return { ...taken, decision: taken.decision ?? '' };
  }),
  listApprovals: handlers.unary(async ({ mine, status, id, pageSize, pageToken }, principal) => {
    const query = { ...pageOf(pageSize, pageToken), mine: String(mine), status: status || undefined, instance: id || undefined };
    const { items, nextCursor } = await approvals.list(parseRequest(ApprovalQuery, query), principal);
    return { approvals: items.map(toApproval), nextPageToken: nextCursor ?? '' };
  }),
  debugInstance: handlers.unary(({ id, action, idempotencyKey }, principal) =>
    instances.operate(id, { name: 'debug', action: parseRequest(DebugAction, action ?? {}) }, callerOf(principal, idempotencyKey)),
  ),
  explainInstance: handlers.unary(async ({ id }) => {
    const { status, phase, running, waits } = await instances.explain(id);
    return {
      ...{ status, phase },
      running: running.map(({ taskInstanceId, path, attempt, worker, since }) => {
        return { taskInstanceId, path, attempt, worker: worker ?? '', since: dateOf(since) };
      }),
      waits: waits.map(({ taskInstanceId, path, reason, advice }) => {
        return { taskInstanceId: taskInstanceId ?? '', path: path ?? '', text: reason.text, reason, advice };
      }),
    };
  }),
  rerunInstance: handlers.unary(({ id, from, latestVersion, idempotencyKey }, principal) => {
    const body = parseRequest(RerunBody, { from, version: latestVersion ? 'latest' : 'same' });
    return instances.rerun(id, body, callerOf(principal, idempotencyKey));
  }),
  operateInstances: handlers.unary(async (request, principal) => {
    const body = parseRequest(BatchBody, batchOf(request));
    const { items, nextCursor } = await batches.operate(body, callerOf(principal, request.idempotencyKey));
    const instances = items.map((item) => ({
      ...item,
      detail: item.detail ?? '',
      nodes: item.nodes ?? [],
      newInstanceId: item.newInstanceId ?? '',
    }));
    return { instances, nextPageToken: nextCursor ?? '' };
  }),
  operateTask: handlers.unary((request, principal) =>
    instances.operate(request.instanceId, taskOperationOf(request), callerOf(principal, request.idempotencyKey)),
  ),
  setVariables: handlers.unary(({ id, values, idempotencyKey }, principal) => {
    const body = parseRequest(VariablesBody, { values: values ?? {} });
    return instances.operate(id, { name: 'set-variable', ...body }, callerOf(principal, idempotencyKey));
  }),
  sendSignal: handlers.unary(async ({ namespace, name, key, payload, idempotencyKey }, principal) => {
    const body = { name, key, ...(namespace !== '' && { namespace }), ...(payload !== undefined && { payload }) };
    const { id, instanceId, taskId } = await signals.send(parseRequest(SignalBody, body), callerOf(principal, idempotencyKey));
    return { id, instanceId: instanceId ?? '', taskId: taskId ?? '' };
  }),
  listParkedEvents: handlers.unary(async ({ instanceId, pageSize, pageToken }, principal) => {
    const query = { ...pageOf(pageSize, pageToken), instance: instanceId || undefined };
    const { items, nextCursor } = await instances.parkedEvents(parseRequest(ParkedEventQuery, query), principal);
    return { events: items.map((event) => ({ ...event, parkedAt: dateOf(event.parkedAt) })), nextPageToken: nextCursor ?? '' };
  }),
  retryParkedEvent: handlers.unary(({ eventId, idempotencyKey }, principal) =>
    instances.releaseEvent(eventId, 'retry-event', callerOf(principal, idempotencyKey)),
  ),
  dropParkedEvent: handlers.unary(({ eventId, idempotencyKey }, principal) =>
    instances.releaseEvent(eventId, 'drop-event', callerOf(principal, idempotencyKey)),
  ),
  getInstance: handlers.unary(async ({ id }) => {
    const instance = await instances.get(id);
    const { params, variables, allowed } = instance;
    return {
      instance: toInstance(instance),
      error: instance.error ? toFailure(instance.error) : undefined,
      ...{ params, variables, permitted: allowed },
      outputs: instance.outputs ?? undefined,
      tasks: instance.tasks.map(toTask),
      parentId: instance.parent?.id ?? '',
      parentTaskId: instance.parent?.taskId ?? '',
      children: instance.children.map((child) => ({ instance: toInstance(child), taskId: child.taskId })),
    };
  }),
  listInstances: handlers.unary(async (request, principal) => {
    const { items, nextCursor } = await instances.list(parseRequest(InstanceQuery, instanceQuery(request)), principal);
    return { instances: items.map(toInstance), nextPageToken: nextCursor ?? '' };
  }),
  watchInstance: handlers.stream(async ({ id, afterSeq }, _principal, signal) =>
    toEvents((await events.follow(id, afterSeq, signal)).events),
  ),
  streamLogs: handlers.stream(async ({ id, task }, _principal, signal) =>
    toLines(await logs.follow(id, task || undefined, undefined, signal)),
  ),
});

/** What a request asks for, as the query of a list: what is empty is not asked for. */
const instanceQuery = ({ pageSize, pageToken, waiting, since, until, ...texts }: instanceRpc.ListInstancesRequest) => ({
  ...pageOf(pageSize, pageToken),
  ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')),
  ...(waiting && { waiting: 'true' }),
  since: since?.toISOString(),
  until: until?.toISOString(),
});

const Key = z.string().max(128);

const callerOf = (principal: Principal, idempotencyKey: string): Caller => ({
  principal,
  ...(idempotencyKey !== '' && { idempotencyKey: parseRequest(Key, idempotencyKey) }),
});

const toFailure = ({ reason, message, code, detail }: Failure): instanceRpc.Failure => ({ reason, message, code: code ?? '', detail });

const toInstance = (instance: InstanceSummary): instanceRpc.Instance => {
  const { id, number, processId, process, version, namespace, status, phase, startedBy, origin } = instance;
  return {
    ...{ id, number, processId, process, version, namespace, status, phase, startedBy, origin },
    reason: instance.reason ?? '',
    createdAt: dateOf(instance.createdAt),
    startedAt: dateOf(instance.startedAt),
    finishedAt: dateOf(instance.finishedAt),
  };
};

const toTask = (task: TaskView): instanceRpc.Task => {
  const { id, nodeId, kind, type, path, visit, status, failed, attempt } = task;
  return {
    ...{ id, nodeId, kind, type, path, visit, status, failed, attempt },
    uses: task.uses ?? '',
    index: task.index ?? undefined,
    reason: task.reason ?? '',
    skipReason: task.skipReason ?? '',
    worker: task.worker ?? '',
    input: task.input,
    result: task.result,
    error: task.error ? toFailure(task.error) : undefined,
    startedAt: dateOf(task.startedAt),
    finishedAt: dateOf(task.finishedAt),
    permitted: task.allowed,
    reusedFrom: task.reusedFrom ?? '',
    waitReason: task.waitReason?.text ?? '',
  };
};

async function* toEvents(followed: AsyncIterable<InstanceEvent>): AsyncGenerator<instanceRpc.WatchInstanceResponse, void, undefined> {
  for await (const { seq, at, facts } of followed) yield { seq, at: new Date(at), facts: facts as JsonObject[] };
}

async function* toLines(
  followed: AsyncIterable<{ readonly lines: readonly LogLine[] }>,
): AsyncGenerator<instanceRpc.StreamLogsResponse, void, undefined> {
  for await (const { lines } of followed) for (const line of lines) yield { ...line, at: new Date(line.at) };
}
