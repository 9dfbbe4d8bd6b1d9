import { actorOf, requireRight, type Principal } from '@orderlines/auth';
import type { CalendarBody, CalendarView } from '@orderlines/contracts';
import {
  audit,
  findCalendar,
  findSchedule,
  listCalendars,
  lockSchedulesWithCalendar,
  removeCalendar,
  saveCalendar,
  setScheduleState,
} from '@orderlines/persistence';
import { readCalendar } from '@orderlines/timetable';
import type { EntityManager } from 'typeorm';
import { notFound, RequestRefused } from '../problems/request-refused.js';
import { requireTimetable } from './schedule-check.js';

/** Days on which schedules do not fire; a change holds for all schedules of the namespace that name the calendar. */
export class Calendars {
  constructor(private readonly manager: EntityManager) {}

  /** Calendars by name: of a namespace, or else all that the principal may see. */
  async list(namespace: string | undefined, principal: Principal): Promise<CalendarView[]> {
    if (namespace !== undefined) this.requireRight('read', namespace, '', principal);
    const calendars = await listCalendars(this.manager, namespace);
    return calendars.filter((calendar) => principal.rights.may('read', 'Schedule', { ...nameOf(calendar), owner: actorOf(principal) }));
  }

  /** A calendar. */
  async get(namespace: string, name: string, principal: Principal): Promise<CalendarView> {
    this.requireRight('read', namespace, name, principal);
    return this.find(namespace, name);
  }

  /** Stores a calendar, also over an older one; schedules that name it go on by the new days. */
  async save(namespace: string, name: string, body: CalendarBody, principal: Principal): Promise<CalendarView> {
    this.requireRight('write', namespace, name, principal);
    const { problems } = readCalendar(body);
    if (problems.length > 0) {
      throw new RequestRefused('calendar.invalid', problems.map(({ message }) => message).join('; '), 422, { errors: problems });
    }
    await this.manager.transaction(async (manager) => {
      const ids = await lockSchedulesWithCalendar(manager, namespace, name);
      const before = await findCalendar(manager, namespace, name);
      await saveCalendar(manager, { namespace, name }, body, actorOf(principal));
      for (const id of ids) await this.replan(manager, id);
      const subject = { kind: 'Calendar', id: `${namespace}/${name}`, name, namespace };
      await audit.record(manager, { action: before ? 'update' : 'create', subject, before, after: body });
    });
    return this.find(namespace, name);
  }

  /** Removes a calendar that no schedule names. */
  async remove(namespace: string, name: string, principal: Principal): Promise<void> {
    this.requireRight('delete', namespace, name, principal);
    const before = await this.find(namespace, name);
    await this.manager.transaction(async (manager) => {
      const ids = await lockSchedulesWithCalendar(manager, namespace, name);
      if (ids.length > 0) {
        const why = `${ids.length} schedule${ids.length === 1 ? '' : 's'} of ${namespace} leave out its days: take it from their plans first`;
        throw new RequestRefused('calendar.in-use', `The calendar ${name} cannot be removed: ${why}.`, 409);
      }
      await removeCalendar(manager, namespace, name);
      await audit.record(manager, { action: 'delete', subject: { kind: 'Calendar', id: `${namespace}/${name}`, name, namespace }, before });
    });
  }

  /** The next slot by the days that hold now. */
  private async replan(manager: EntityManager, id: string): Promise<void> {
    const schedule = await findSchedule(manager, id);
    if (schedule?.state !== 'active') return;
    const { namespace, plan, note, stateBy } = schedule;
    const next = (await requireTimetable(manager, namespace, plan, id)).next(Date.now());
    await setScheduleState(manager, id, { state: 'active', note, actor: stateBy, next });
  }

  private async find(namespace: string, name: string): Promise<CalendarView> {
    const calendar = await findCalendar(this.manager, namespace, name);
    if (calendar) return calendar;
    throw notFound('calendar.not-found', `There is no calendar "${name}" in ${namespace}.`);
  }

  private requireRight(action: 'read' | 'write' | 'delete', namespace: string, name: string, principal: Principal): void {
    requireRight(principal, { action, subject: 'Schedule' }, { namespace, name, owner: actorOf(principal) });
  }
}

const nameOf = ({ namespace, name }: CalendarView) => ({ namespace, name });
