import { actorOf, requireRight, type ObjectRights, type Principal } from '@orderlines/auth';
import type {
  PreviewBody,
  ScheduleBody,
  ScheduleDetail,
  SchedulePage,
  ScheduleQuery,
  ScheduleSettings,
  ScheduleView,
  SlotAnswerBody,
  SlotPage,
  SlotPreview,
  SlotQuery,
  SlotView,
} from '@orderlines/contracts';
import {
  answerSlot,
  audit,
  constraintOf,
  countSlots,
  findSchedule,
  insertManualSlot,
  insertSchedule,
  listSchedules,
  listSlots,
  schedulesOfRun,
  setScheduleState,
  updateSchedule,
  type NextSlot,
  type ScheduleWrite,
} from '@orderlines/persistence';
import { candidateKeys, standingOf } from '@orderlines/process-engine';
import { Zone, type Timetable } from '@orderlines/timetable';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { keyOf, type Caller } from '../instance/instances.js';
import { planStart } from '../instance/start-plan.js';
import { notFound, RequestRefused } from '../problems/request-refused.js';
import { findReferred, requireListed, requireRunnable, requireVersion } from '../process/process-reference.js';
import { requireNext, requireTimetable, settingsProblems } from './schedule-check.js';

/** Slots that a schedule shows ahead. */
const SHOWN_AHEAD = 10;

/** Schedules: written and read here, fired by schedulers. */
export class Schedules {
  constructor(
    private readonly manager: EntityManager,
    private readonly pool: Pool,
    private readonly objects: ObjectRights,
  ) {}

  /** Schedules that the principal may see, by namespace and name. */
  async list({ cursor, limit, process, ...filter }: ScheduleQuery, principal: Principal): Promise<SchedulePage> {
    const processId = await requireListed(this.manager, process, { principal, listing: 'Schedule' });
    return listSchedules(
      this.pool,
      { ...filter, processId, limits: principal.rights.limits('read', 'Schedule') },
      { limit, ...(cursor && { cursor }) },
    );
  }

  /** A schedule with what became of its slots and its next ones. */
  async get(reference: string): Promise<ScheduleDetail> {
    const schedule = await this.require(reference);
    const [counts, next, [off]] = await Promise.all([
      countSlots(this.pool, schedule.id),
      schedule.state === 'active' ? this.preview(reference, SHOWN_AHEAD) : { slots: [] },
      this.manager.query<{ value: unknown }[]>(`select value from system.parameter where name = 'stop_all_schedule'`),
    ]);
    return { ...schedule, counts, next: next.slots.map(({ slotAt }) => slotAt), switchedOn: off?.value !== true };
  }

  /** Makes a schedule. */
  async create({ namespace, name, paused, ...settings }: ScheduleBody, principal: Principal): Promise<ScheduleView> {
    const actor = actorOf(principal);
    requireRight(principal, { action: 'write', subject: 'Schedule' }, { namespace, name, owner: actor });
    const id = uuidV7();
    const { write, next } = await this.checked(id, namespace, settings, principal);
    const state = paused ? 'paused' : 'active';
    try {
      await this.manager.transaction(async (manager) => {
        await insertSchedule(manager, { ...write, next: paused ? null : next }, { namespace, name, state });
        await audit.record(manager, { action: 'create', subject: { kind: 'Schedule', id, name, namespace }, after: settings });
      });
    } catch (error) {
      if (constraintOf(error) !== 'schedule_name') throw error;
      throw new RequestRefused('schedule.name-taken', `There is a schedule ${namespace}/${name} already: choose another name.`, 409);
    }
    return this.require(id);
  }

  /** Changes all settings of a schedule; one that has ended goes on when its new plan has a time ahead. */
  async update(reference: string, settings: ScheduleSettings, principal: Principal): Promise<ScheduleView> {
    const { id, namespace } = await this.require(reference);
    const { write, next } = await this.checked(id, namespace, settings, principal);
    await this.change(id, 'update', settings, async (manager, before) => {
      const state = before.state === 'paused' ? 'paused' : 'active';
      await updateSchedule(manager, { ...write, next: state === 'paused' ? null : next }, state);
      return before;
    });
    return this.require(id);
  }

  /** Fires nothing until it is resumed. */
  async pause(reference: string, note: string, actor: string): Promise<ScheduleView> {
    const { id } = await this.require(reference);
    await this.change(id, 'pause', { note }, async (manager, before) => {
      if (before.state === 'ended') throw new RequestRefused('schedule.ended', `The schedule has ended: ${before.note}.`, 409);
      await setScheduleState(manager, id, { state: 'paused', note, actor, next: null });
    });
    return this.require(id);
  }

  /** Goes on with the first slot from now; what passed while it was paused is not made up for. */
  async resume(reference: string, actor: string): Promise<ScheduleView> {
    const { id } = await this.require(reference);
    await this.change(id, 'resume', {}, async (manager, before) => {
      if (before.state === 'active') return;
      if (before.remaining === 0) {
        throw new RequestRefused('schedule.ended', 'The schedule has made all its starts: give it more (remaining) to go on.', 409);
      }
      const next = requireNext(before.plan, await requireTimetable(manager, before.namespace, before.plan, id));
      await setScheduleState(manager, id, { state: 'active', note: '', actor, next });
    });
    return this.require(id);
  }

  /** Removes a schedule: its name is free again, its ledger and its runs stay. */
  async remove(reference: string, actor: string): Promise<void> {
    const { id } = await this.require(reference);
    await this.change(id, 'delete', null, (manager) => setScheduleState(manager, id, { state: 'removed', note: '', actor, next: null }));
  }

  /** A slot of now; a scheduler starts its run within a moment, whatever else the schedule does. */
  async run(reference: string, caller: Caller): Promise<SlotView> {
    const schedule = await this.require(reference);
    await this.objects.require(caller.principal, { action: 'start', subject: 'Process' }, schedule.processId, schedule.process);
    const slotId = await this.manager.transaction(async (manager) => {
      const { id, name, namespace } = schedule;
      const slot = await insertManualSlot(manager, { scheduleId: id, key: keyOf(caller), actor: actorOf(caller.principal) });
      await audit.record(manager, { action: 'run', subject: { kind: 'Schedule', id, name, namespace }, after: { slot } });
      return slot;
    });
    return this.slot(schedule.id, slotId);
  }

  /** The next times of a schedule. */
  async preview(reference: string, count: number): Promise<SlotPreview> {
    const { id, namespace, plan } = await this.require(reference);
    return shown(await requireTimetable(this.manager, namespace, plan, id), plan.zone, Date.now(), count);
  }

  /** The times that a plan would have. */
  async previewPlan({ namespace, plan, count, after }: PreviewBody, principal: Principal): Promise<SlotPreview> {
    requireRight(principal, { action: 'read', subject: 'Schedule' }, { namespace, name: '', owner: actorOf(principal) });
    const timetable = await requireTimetable(this.manager, namespace, plan, 'preview');
    return shown(timetable, plan.zone, after === undefined ? Date.now() : Date.parse(after), count);
  }

  /** The fire ledger of a schedule, newest slots first. */
  async slots(reference: string, { cursor, limit, status, backfill }: SlotQuery): Promise<SlotPage> {
    const { id } = await this.require(reference);
    return listSlots(this.pool, { scheduleId: id, status, backfillId: backfill }, { limit, ...(cursor && { cursor }) });
  }

  /** Confirms or declines a slot that wants to be confirmed, as one of the groups that are asked. */
  async answer(reference: string, slotId: string, { decision, message }: SlotAnswerBody, principal: Principal): Promise<SlotView> {
    const { id, name, namespace, confirm } = await this.require(reference);
    const slot = await this.slot(id, slotId);
    const { user, roles, groups } = principal;
    const candidates = candidateKeys({ users: [], roles: [], groups: confirm?.groups ?? [] });
    const standing = standingOf({ candidates }, { userName: user.userName, administrator: user.administrator, roles, groups });
    if (!standing.may) throw new RequestRefused('slot.not-a-candidate', standing.message, 403);
    if (slot.status !== 'confirming') {
      throw new RequestRefused('slot.answered', `The slot is ${slot.status}: only one that is confirming can be answered.`, 409);
    }
    await this.manager.transaction(async (manager) => {
      await answerSlot(manager, { id: slotId, isConfirmed: decision === 'confirm', actor: actorOf(principal), message });
      const after = { slot: slotId, slotAt: slot.slotAt, message };
      await audit.record(manager, { action: decision, subject: { kind: 'Schedule', id, name, namespace }, after });
    });
    return this.slot(id, slotId);
  }

  /** Pauses or resumes what goes with a run: the schedule that started it, else all of its process. Gives their names. */
  async withRun(instanceId: string, operation: 'pause' | 'resume', principal: Principal): Promise<string[]> {
    const names: string[] = [];
    for (const id of await schedulesOfRun(this.manager, instanceId)) {
      const { namespace, name, state } = await this.require(id);
      if (state !== (operation === 'pause' ? 'active' : 'paused')) continue;
      await this.objects.require(principal, { action: 'write', subject: 'Schedule' }, id);
      if (operation === 'pause') await this.pause(id, `paused with run ${instanceId}`, actorOf(principal));
      else await this.resume(id, actorOf(principal));
      names.push(`${namespace}/${name}`);
    }
    return names;
  }

  /** The schedule that is meant; refused when there is none. */
  async require(reference: string): Promise<ScheduleView> {
    const schedule = await findSchedule(this.manager, reference);
    if (schedule) return schedule;
    throw notFound('schedule.not-found', `There is no schedule "${reference}": name it by its id or as namespace/name.`);
  }

  private async slot(scheduleId: string, id: string): Promise<SlotView> {
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
    const [slot] = isId ? (await listSlots(this.pool, { scheduleId, id }, { limit: 1 })).items : [];
    if (slot) return slot;
    throw notFound('slot.not-found', `The schedule has no slot ${id}.`);
  }

  /** Settings as they can be stored: the process can be started with these params, and a time lies ahead. */
  private async checked(
    id: string,
    namespace: string,
    settings: ScheduleSettings,
    principal: Principal,
  ): Promise<{ write: ScheduleWrite; next: NextSlot }> {
    const actor = actorOf(principal);
    const referred = await findReferred(this.pool, settings.process);
    await this.objects.require(principal, { action: 'start', subject: 'Process' }, referred.found.processId, settings.process);
    const { processId, version, ...names } = requireRunnable(referred);
    const process = { id: processId, ...names };
    const timetable = await requireTimetable(this.manager, namespace, settings.plan, id, settingsProblems(settings));
    const next = requireNext(settings.plan, timetable);
    planStart(process, await requireVersion(this.manager, process, version.number), settings.params, actor, 'schedule');
    return { write: { id, settings, processId, processVersion: referred.number ?? null, next, actor }, next };
  }

  /** Changes a schedule under its lock, with a record of it. */
  private async change(
    id: string,
    action: string,
    after: object | null,
    work: (manager: EntityManager, before: ScheduleView) => Promise<unknown>,
  ): Promise<void> {
    await this.manager.transaction(async (manager) => {
      const before = await findSchedule(manager, id, true);
      if (before === null) throw notFound('schedule.not-found', `There is no schedule "${id}".`);
      await work(manager, before);
      const { name, namespace } = before;
      await audit.record(manager, { action, subject: { kind: 'Schedule', id, name, namespace }, before, after });
    });
  }
}

const shown = (timetable: Timetable, zoneName: string, after: number, count: number): SlotPreview => {
  const zone = Zone.of(zoneName);
  return {
    slots: timetable.take(after, count).map(({ at, dueAt }) => ({
      slotAt: new Date(at).toISOString(),
      dueAt: new Date(dueAt).toISOString(),
      shown: new Date(zone?.wallAt(at) ?? at).toISOString().slice(0, 19),
    })),
  };
};
