import type { Pool, PoolClient } from 'pg';
import type { Clock } from '../clock.js';
import { inTransaction } from '../transaction.js';
import { lockConfirmed, readStandings, type LockedSchedule } from './due.sql.js';
import { admit, standingAfter, type Standing } from './overlap.js';

const SCHEDULES_AT_ONCE = 100;
/** A slot that nobody answers is given up after this. */
export const ANSWER_WITHIN_MS = 86_400_000;

/** When the callbacks of a slot's schedule are to be told; null: it has none. */
const TOLD_AT = (now: string): string =>
  `(select case when s.callbacks <> '[]' then ${now}::timestamptz end from schedule.schedule s where s.id = schedule_id)`;

/** Lets slots go on that somebody has confirmed, as if they were due now, and gives up those that nobody answers. */
export class ConfirmedSlots {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
  ) {}

  /** One look; gives the number of slots whose runs are to be started. */
  async admit(): Promise<number> {
    return inTransaction(this.pool, async (client) => {
      await this.giveUp(client);
      const schedules = await lockConfirmed(client, SCHEDULES_AT_ONCE);
      const standings = await readStandings(
        client,
        schedules.map(({ id }) => id),
      );
      let started = 0;
      for (const schedule of schedules) started += await this.admitOf(client, schedule, standings.get(schedule.id));
      return started;
    });
  }

  private async admitOf(client: PoolClient, schedule: LockedSchedule, standing: Standing = { active: 0, waiting: 0 }): Promise<number> {
    const { rows } = await client.query<{ id: string }>(
      `select id from schedule.slot where schedule_id = $1 and status = 'confirmed' order by slot_at limit 100 for update`,
      [schedule.id],
    );
    let started = 0;
    for (const { id } of rows) {
      const admission = admit(schedule.overlap, schedule.overlapLimit, standing);
      standing = standingAfter(standing, admission);
      if (admission.kind === 'start') started += 1;
      if (admission.kind === 'skip') await this.skip(client, id, admission.reason, admission.message);
      else await this.go(client, id, admission.kind === 'start' ? 'starting' : 'waiting');
      if (admission.kind === 'replace') await this.stopOthers(client, schedule.id, id, admission.stop);
    }
    return started;
  }

  private async go(client: PoolClient, id: string, status: 'starting' | 'waiting'): Promise<void> {
    await client.query('update schedule.slot set status = $2, retry_at = $3 where id = $1', [id, status, new Date(this.clock.now())]);
  }

  private async skip(client: PoolClient, id: string, reason: string, message: string): Promise<void> {
    await client.query(
      `update schedule.slot set status = 'skipped', reason = $2, message = $3, params = null, finished_at = $4,
          tell_at = ${TOLD_AT('$4')} where id = $1`,
      [id, reason, message, new Date(this.clock.now())],
    );
  }

  private async stopOthers(client: PoolClient, scheduleId: string, id: string, stop: 'stop' | 'force'): Promise<void> {
    await client.query(
      `update schedule.slot set stop = $3 where schedule_id = $1 and series = 'schedule' and status in ('starting', 'running') and id <> $2`,
      [scheduleId, id, stop],
    );
  }

  private async giveUp(client: PoolClient): Promise<void> {
    const now = this.clock.now();
    await client.query(
      `update schedule.slot set status = 'skipped', reason = 'unanswered', message = 'nobody confirmed it within a day', params = null,
          finished_at = $1, tell_at = ${TOLD_AT('$1')}
        where id in (select id from schedule.slot where status = 'confirming' and due_at < $2 limit 500 for update skip locked)`,
      [new Date(now), new Date(now - ANSWER_WITHIN_MS)],
    );
  }
}
