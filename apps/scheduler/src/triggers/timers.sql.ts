import type { Json } from '@orderlines/contracts';
import type { Timer } from '@orderlines/triggers';
import type { PoolClient } from 'pg';
import { TRIGGER_COLUMNS, type StoredTrigger } from './hearing.sql.js';

/** What a trigger waits for under a key. */
export interface TimerPlace {
  readonly triggerId: string;
  readonly key: string;
}

/** A timer with how many runs that triggers started led to it. */
export interface KeptTimer extends Timer {
  readonly depth: number;
}

interface TimerRow {
  since: Date;
  due_at: Date;
  events: Json[];
  depth: number;
}

const timerOf = ({ since, due_at: dueAt, events, depth }: TimerRow): KeptTimer => ({
  since: since.getTime(),
  dueAt: dueAt.getTime(),
  events,
  depth,
});

/** What a trigger that is held waits for under a key. */
export const readTimer = async (client: PoolClient, { triggerId, key }: TimerPlace): Promise<KeptTimer | null> => {
  const { rows } = await client.query<TimerRow>({
    name: 'read-trigger-timer',
    text: 'select since, due_at, events, depth from schedule.trigger_timer where trigger_id = $1 and key = $2',
    values: [triggerId, key],
  });
  return rows[0] === undefined ? null : timerOf(rows[0]);
};

/** Writes what a trigger that is held waits for under a key; null: nothing. */
export const writeTimer = async (client: PoolClient, { triggerId, key }: TimerPlace, timer: KeptTimer | null): Promise<void> => {
  if (timer === null) {
    await client.query('delete from schedule.trigger_timer where trigger_id = $1 and key = $2', [triggerId, key]);
    return;
  }
  await client.query({
    name: 'write-trigger-timer',
    text: `insert into schedule.trigger_timer (trigger_id, key, since, due_at, events, depth) values ($1, $2, $3, $4, $5, $6)
      on conflict (trigger_id, key) do update set since = excluded.since, due_at = excluded.due_at, events = excluded.events,
        depth = excluded.depth`,
    values: [triggerId, key, new Date(timer.since), new Date(timer.dueAt), JSON.stringify(timer.events), timer.depth],
  });
};

/** A timer that is due, with its trigger. */
export interface DueTimer {
  readonly trigger: StoredTrigger;
  readonly key: string;
  readonly timer: KeptTimer;
}

/** Takes timers that are due, the longest due first, and holds their triggers until the transaction ends. */
export const takeDueTimers = async (client: PoolClient, now: number, limit: number): Promise<DueTimer[]> => {
  const { rows } = await client.query<StoredTrigger & TimerRow & { key: string }>({
    name: 'take-due-timers',
    text: `select m.key, m.since, m.due_at, m.events, m.depth, ${TRIGGER_COLUMNS}
      from schedule.trigger_timer m join schedule.trigger t on t.id = m.trigger_id
      where m.due_at <= $1 and t.enabled order by m.due_at limit $2 for no key update skip locked`,
    values: [new Date(now), limit],
  });
  return rows.map(({ key, since, due_at, events, depth, ...trigger }) => ({
    trigger,
    key,
    timer: timerOf({ since, due_at, events, depth }),
  }));
};
