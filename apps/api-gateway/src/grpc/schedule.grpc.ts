import type { Principal } from '@orderlines/auth';
import {
  BackfillBody,
  PauseScheduleBody,
  PreviewBody,
  ScheduleBody,
  ScheduleQuery,
  ScheduleSettings,
  SlotAnswerBody,
  SlotQuery,
  type ScheduleView,
  type SlotView,
} from '@orderlines/contracts';
import { actorOf } from '@orderlines/auth';
import type { scheduleRpc } from '@orderlines/rpc';
import { z } from 'zod';
import type { Functions } from '../gateway.module.js';
import type { Caller } from '../instance/instances.js';
import type { Handlers } from './handlers.js';
import { dateOf, pageOf, parseRequest } from './requests.js';

/** `orderlines.schedule.v1.ScheduleService`. */
export const scheduleService = (
  { schedules, backfills }: Pick<Functions, 'schedules' | 'backfills'>,
  handlers: Handlers,
): scheduleRpc.ScheduleServiceServer => ({
  createSchedule: handlers.unary(async ({ namespace, name, settings }, principal) => {
    const body = parseRequest(ScheduleBody, { ...settings, name, ...(namespace !== '' && { namespace }) });
    return { schedule: toSchedule(await schedules.create(body, principal)) };
  }),
  getSchedule: handlers.unary(async ({ schedule }) => {
    const { counts, next, switchedOn: _shownByParameters, ...view } = await schedules.get(schedule);
    return { schedule: toSchedule(view), counts, next: next.map((at) => new Date(at)) };
  }),
  listSchedules: handlers.unary(async ({ namespace, process, state, pageSize, pageToken }, principal) => {
    const given = { namespace: namespace || undefined, process: process || undefined, state: state || undefined };
    const { items, nextCursor } = await schedules.list(
      parseRequest(ScheduleQuery, { ...pageOf(pageSize, pageToken), ...given }),
      principal,
    );
    return { schedules: items.map(toSchedule), nextPageToken: nextCursor ?? '' };
  }),
  updateSchedule: handlers.unary(async ({ schedule, settings }, principal) => ({
    schedule: toSchedule(await schedules.update(schedule, parseRequest(ScheduleSettings, settings ?? {}), principal)),
  })),
  pauseSchedule: handlers.unary(async ({ schedule, note }, principal) => ({
    schedule: toSchedule(await schedules.pause(schedule, parseRequest(PauseScheduleBody, { note }).note, actorOf(principal))),
  })),
  resumeSchedule: handlers.unary(async ({ schedule }, principal) => ({
    schedule: toSchedule(await schedules.resume(schedule, actorOf(principal))),
  })),
  deleteSchedule: handlers.unary(async ({ schedule }, principal) => {
    await schedules.remove(schedule, actorOf(principal));
    return {};
  }),
  runSchedule: handlers.unary(async ({ schedule, idempotencyKey }, principal) => ({
    slot: toSlot(await schedules.run(schedule, callerOf(principal, idempotencyKey))),
  })),
  previewPlan: handlers.unary(async ({ namespace, plan, count }, principal) => {
    const body = { plan, ...(namespace !== '' && { namespace }), ...(count !== 0 && { count }) };
    const { slots } = await schedules.previewPlan(parseRequest(PreviewBody, body), principal);
    return { slots: slots.map(({ slotAt }) => new Date(slotAt)) };
  }),
  listSlots: handlers.unary(async ({ schedule, status, pageSize, pageToken }) => {
    const query = parseRequest(SlotQuery, { ...pageOf(pageSize, pageToken), status: status || undefined });
    const { items, nextCursor } = await schedules.slots(schedule, query);
    return { slots: items.map(toSlot), nextPageToken: nextCursor ?? '' };
  }),
  answerSlot: handlers.unary(async ({ schedule, slotId, decision, message }, principal) => ({
    slot: toSlot(await schedules.answer(schedule, slotId, parseRequest(SlotAnswerBody, { decision, message }), principal)),
  })),
  backfillSchedule: handlers.unary(async ({ schedule, from, until, reprocess, maxActive, reverse, dry }, principal) => {
    const body = parseRequest(BackfillBody, {
      ...{ from: from?.toISOString(), until: until?.toISOString(), reverse, dry, reprocess: reprocess || undefined },
      ...(maxActive !== 0 && { maxActive }),
    });
    if (!dry) return { backfillId: (await backfills.begin(schedule, body, principal)).id, slots: [] };
    const { slots } = await backfills.plan(schedule, body);
    return { backfillId: '', slots: slots.map((slot) => new Date(slot)) };
  }),
});

const Key = z.string().max(128);

const callerOf = (principal: Principal, idempotencyKey: string): Caller => ({
  principal,
  ...(idempotencyKey !== '' && { idempotencyKey: parseRequest(Key, idempotencyKey) }),
});

const toSchedule = (view: ScheduleView): scheduleRpc.Schedule => {
  const { id, namespace, name, state, note, nextSlotAt, nextDueAt } = view;
  const { description, process, plan, params, overlap, overlapLimit, missed, catchUp, confirm, callbacks, pauseOnFailure, remaining } =
    view;
  return {
    ...{ id, namespace, name, state, note },
    nextSlotAt: dateOf(nextSlotAt),
    nextDueAt: dateOf(nextDueAt),
    settings: {
      ...{ description, process, plan, params, overlap, overlapLimit, missed, catchUp, confirm, callbacks, pauseOnFailure, remaining },
    },
  };
};

const toSlot = ({ id, scheduleId, series, slotAt, dueAt, status, reason, message, instanceId }: SlotView): scheduleRpc.Slot => ({
  ...{ id, scheduleId, series, status },
  slotAt: new Date(slotAt),
  dueAt: new Date(dueAt),
  reason: reason ?? '',
  message: message ?? '',
  instanceId: instanceId ?? '',
});
