import { actorOf, type ObjectRights, type Principal } from '@orderlines/auth';
import { MAX_BACKFILL_SLOTS, type BackfillBody, type BackfillPlan, type BackfillView } from '@orderlines/contracts';
import { audit, cancelBackfill, insertBackfill, listBackfills, slotsSoFar } from '@orderlines/persistence';
import type { Pool } from 'pg';
import type { EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { notFound, RequestRefused } from '../problems/request-refused.js';
import { requireTimetable } from './schedule-check.js';
import type { Schedules } from './schedules.js';

/** Slots of the past that are run, or run again: planned here, carried out by schedulers. */
export class Backfills {
  constructor(
    private readonly manager: EntityManager,
    private readonly pool: Pool,
    private readonly schedules: Schedules,
    private readonly objects: ObjectRights,
  ) {}

  /** Backfills of a schedule, newest first. */
  async list(reference: string): Promise<BackfillView[]> {
    return listBackfills(this.manager, (await this.schedules.require(reference)).id);
  }

  /** Which slots a backfill would run. */
  async plan(reference: string, { from, until, reprocess, reverse }: BackfillBody): Promise<BackfillPlan> {
    const { id, namespace, plan } = await this.schedules.require(reference);
    const [first, last] = [Date.parse(from), Date.parse(until)];
    if (last <= first) throw refused('backfill.ends-before-start', `it ends (${until}) before it begins (${from})`);
    const timetable = await requireTimetable(this.manager, namespace, plan, id);
    const slots: number[] = [];
    for (let slot = timetable.next(first - 1); slot !== null && slot.at < last; slot = timetable.next(slot.at)) {
      if (slots.push(slot.at) > MAX_BACKFILL_SLOTS) {
        throw refused('backfill.too-large', `there are more than ${MAX_BACKFILL_SLOTS} slots in the range: take a shorter one`);
      }
    }
    const soFar = await slotsSoFar(this.pool, id, new Date(first), new Date(last));
    const wanted = slots.filter((slot) => {
      const became = soFar.get(slot);
      return became === undefined || (became !== 'open' && (reprocess === 'completed' || (reprocess === 'failed' && became === 'failed')));
    });
    if (reverse) wanted.reverse();
    return { slots: wanted.map((slot) => new Date(slot).toISOString()), left: slots.length - wanted.length };
  }

  /** Begins a backfill. */
  async begin(reference: string, body: BackfillBody, principal: Principal): Promise<BackfillView> {
    const { id: scheduleId, name, namespace, processId, process } = await this.schedules.require(reference);
    await this.objects.require(principal, { action: 'start', subject: 'Process' }, processId, process);
    const { slots } = await this.plan(reference, body);
    if (slots.length === 0)
      throw refused('backfill.empty', 'no slot of the range would be run; `reprocess` says whether some are run again');
    const id = uuidV7();
    await this.manager.transaction(async (manager) => {
      const actor = actorOf(principal);
      await insertBackfill(manager, { id, scheduleId, slots: slots.map((slot) => Date.parse(slot)), actor }, body);
      await audit.record(manager, {
        action: 'backfill',
        subject: { kind: 'Schedule', id: scheduleId, name, namespace },
        after: { ...body, id, slots: slots.length },
      });
    });
    return this.find(reference, id);
  }

  /** Begins no further slot of a backfill. */
  async cancel(reference: string, id: string): Promise<BackfillView> {
    const { id: scheduleId, name, namespace } = await this.schedules.require(reference);
    await this.find(reference, id);
    await this.manager.transaction(async (manager) => {
      await cancelBackfill(manager, scheduleId, id);
      await audit.record(manager, {
        action: 'cancel-backfill',
        subject: { kind: 'Schedule', id: scheduleId, name, namespace },
        after: { id },
      });
    });
    return this.find(reference, id);
  }

  private async find(reference: string, id: string): Promise<BackfillView> {
    const found = (await this.list(reference)).find((backfill) => backfill.id === id);
    if (found) return found;
    throw notFound('backfill.not-found', `The schedule has no backfill ${id}.`);
  }
}

const refused = (code: string, why: string): RequestRefused => new RequestRefused(code, `The backfill is refused: ${why}.`, 422);
