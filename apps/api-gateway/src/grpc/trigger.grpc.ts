import {
  DisableTriggerBody,
  EvaluationQuery,
  PublishEventsBody,
  TriggerBody,
  TriggerQuery,
  TriggerSettings,
  TryTriggerBody,
  type EvaluationView,
  type TriggerView,
} from '@orderlines/contracts';
import type { triggerRpc } from '@orderlines/rpc';
import type { Functions } from '../gateway.module.js';
import type { Handlers } from './handlers.js';
import { pageOf, parseRequest } from './requests.js';

/** `orderlines.trigger.v1.TriggerService`. */
export const triggerService = (
  { triggers, domainEvents }: Pick<Functions, 'triggers' | 'domainEvents'>,
  handlers: Handlers,
): triggerRpc.TriggerServiceServer => ({
  createTrigger: handlers.unary(async ({ namespace, name, settings }, principal) => {
    const body = parseRequest(TriggerBody, { ...settings, name, ...(namespace !== '' && { namespace }) });
    return { trigger: toTrigger(await triggers.create(body, principal)) };
  }),
  getTrigger: handlers.unary(async ({ trigger }) => {
    const { counts, timers: _shownOverHttp, ...view } = await triggers.get(trigger);
    return { trigger: toTrigger(view), counts };
  }),
  listTriggers: handlers.unary(async ({ namespace, process, kind, pageSize, pageToken }, principal) => {
    const given = { namespace: namespace || undefined, process: process || undefined, kind: kind || undefined };
    const query = parseRequest(TriggerQuery, { ...pageOf(pageSize, pageToken), ...given });
    const { items, nextCursor } = await triggers.list(query, principal);
    return { triggers: items.map(toTrigger), nextPageToken: nextCursor ?? '' };
  }),
  updateTrigger: handlers.unary(async ({ trigger, settings }, principal) => ({
    trigger: toTrigger(await triggers.update(trigger, parseRequest(TriggerSettings, settings ?? {}), principal)),
  })),
  enableTrigger: handlers.unary(async ({ trigger }, principal) => ({ trigger: toTrigger(await triggers.enable(trigger, principal)) })),
  disableTrigger: handlers.unary(async ({ trigger, note }, principal) => ({
    trigger: toTrigger(await triggers.disable(trigger, parseRequest(DisableTriggerBody, { note }).note, principal)),
  })),
  deleteTrigger: handlers.unary(async ({ trigger }) => {
    await triggers.remove(trigger);
    return {};
  }),
  rotateTrigger: handlers.unary(async ({ trigger }) => ({ trigger: toTrigger(await triggers.rotate(trigger)) })),
  tryTrigger: handlers.unary(async ({ trigger, event }) => {
    const { matches, reason, message, params } = await triggers.try(trigger, parseRequest(TryTriggerBody, { event: event ?? {} }));
    return { matches, reason: reason ?? '', message: message ?? '', params: params ?? undefined };
  }),
  listEvaluations: handlers.unary(async ({ trigger, outcome, pageSize, pageToken }) => {
    const query = parseRequest(EvaluationQuery, { ...pageOf(pageSize, pageToken), outcome: outcome || undefined });
    const { items, nextCursor } = await triggers.evaluations(trigger, query);
    return { evaluations: items.map(toEvaluation), nextPageToken: nextCursor ?? '' };
  }),
  publishEvents: handlers.unary(({ events }, principal) => domainEvents.publish(parseRequest(PublishEventsBody, { events }), principal)),
});

const toTrigger = (view: TriggerView & { readonly path?: string | null }): triggerRpc.Trigger => {
  const { id, namespace, name, kind, enabled, note, path } = view;
  const { description, labels, process, filter, params, maxPerMinute, webhook, event } = view;
  return {
    ...{ id, namespace, name, kind, enabled, note, path: path ?? '' },
    settings: { description, labels, process, filter, params, maxPerMinute, webhook, event },
  };
};

const toEvaluation = (view: EvaluationView): triggerRpc.Evaluation => {
  const { id, triggerId, eventId, eventType, eventAt, outcome, reason, message, instanceId, excerpt } = view;
  return {
    ...{ id, triggerId, eventId, eventType, outcome, excerpt },
    eventAt: new Date(eventAt),
    reason: reason ?? '',
    message: message ?? '',
    instanceId: instanceId ?? '',
  };
};
