import { parseDuration } from '@orderlines/contracts';
import type { Parameters } from '@orderlines/persistence/postgres';
import type { Timetable } from '@orderlines/timetable';
import type { Pool, PoolClient } from 'pg';
import type { Clock } from '../clock.js';
import type { SchedulerMetrics } from '../metrics.js';
import type { Timetables } from '../timetables.js';
import { inTransaction } from '../transaction.js';
import { decideSlots } from './decide-slots.js';
import { endUnreadable, writeDecisions } from './decisions.sql.js';
import type { DueSchedule } from './due-schedule.js';
import { lockDue, readNextDue, readStandings, type LockedSchedule } from './due.sql.js';
import type { Standing } from './overlap.js';

/** Schedules of one transaction. */
const SCHEDULES_AT_ONCE = 500;

/** Writes slots into the ledger as they become due. Any number of schedulers do it at once: each takes schedules that no other holds. */
export class DueSlots {
  constructor(
    private readonly pool: Pool,
    private readonly timetables: Timetables,
    private readonly parameters: Parameters,
    private readonly clock: Clock,
    private readonly metrics: SchedulerMetrics,
  ) {}

  /** Decides what is due now; gives the number of slots whose runs are to be started. */
  async decide(): Promise<{ readonly toStart: number; readonly isMoreDue: boolean }> {
    const { statuses, schedules } = await inTransaction(this.pool, (client) => this.decideIn(client));
    for (const status of statuses) this.metrics.became(status);
    return { toStart: statuses.filter((status) => status === 'starting').length, isMoreDue: schedules === SCHEDULES_AT_ONCE };
  }

  /** Milliseconds until the next slot is due. */
  async untilNext(): Promise<number> {
    const next = await readNextDue(this.pool);
    return next === null ? Infinity : next - this.clock.now();
  }

  private async decideIn(client: PoolClient) {
    const now = this.clock.now();
    const schedules = await lockDue(client, now, SCHEDULES_AT_ONCE);
    if (schedules.length === 0) return { statuses: [], schedules: 0 };
    const standings = await readStandings(
      client,
      schedules.map(({ id }) => id),
    );
    const timetables = await this.timetables.of(client, schedules);
    const due = schedules.flatMap((schedule) => dueSchedule(schedule, timetables.get(schedule.id), standings.get(schedule.id)) ?? []);
    const unreadable = schedules.filter(({ id }) => !timetables.has(id)).map(({ id }) => id);
    if (unreadable.length > 0) await endUnreadable(client, unreadable, now);
    const isSwitchedOff = this.parameters.get('stop_all_schedule');
    const decided = due.map((schedule) => ({ scheduleId: schedule.id, decision: decideSlots(schedule, now, isSwitchedOff) }));
    return { statuses: await writeDecisions(client, decided, now), schedules: schedules.length };
  }
}

const dueSchedule = (schedule: LockedSchedule, timetable: Timetable | undefined, standing?: Standing): DueSchedule | undefined => {
  const { nextSlotAt, nextDueAt, catchUp, ...rest } = schedule;
  if (timetable === undefined || nextSlotAt === null || nextDueAt === null) return undefined;
  return {
    ...rest,
    timetable,
    active: standing?.active ?? 0,
    waiting: standing?.waiting ?? 0,
    catchUpMs: parseDuration(catchUp) ?? 0,
    next: { at: nextSlotAt, dueAt: nextDueAt },
  };
};
