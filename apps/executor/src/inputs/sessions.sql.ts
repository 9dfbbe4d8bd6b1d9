import type { HeartbeatRequest } from '@orderlines/messaging';
import type { Pool } from 'pg';

/** What became of a sign of life. */
export type Noted =
  | { readonly kind: 'noted'; readonly hasTaskTypes: boolean }
  /** Another session of the name lives; `silentMs`: when it was last heard of. */
  | { readonly kind: 'refused'; readonly rival: string; readonly silentMs: number };

const LIVES = (session: string, leaseMs: string) =>
  `${session}.ended_at is null and ${session}.seen_at > now() - ${leaseMs} * interval '1 millisecond'`;

/** Notes a sign of life. Of two sessions with one name the one that is alive stays; the other is refused until the first is silent or over. */
export const noteSession = async (pool: Pool, beat: HeartbeatRequest, leaseMs: number): Promise<Noted> => {
  const known = await pool.query<{ hasTaskTypes: boolean }>({
    name: 'note-session',
    text: `update runtime.worker_session s set seen_at = now(), queues = $3, slots = $4, busy = $5, draining = $6,
        task_types = coalesce($7::jsonb, s.task_types), ended_at = case when $8 then now() end
      where s.id = $1 and ${LIVES('s', '$2::int')} returning jsonb_array_length(s.task_types) > 0 as "hasTaskTypes"`,
    values: [beat.session, leaseMs, beat.queues, beat.slots, beat.busy, beat.draining, taskTypesOf(beat), beat.isOver === true],
  });
  const [row] = known.rows;
  if (row !== undefined) return { kind: 'noted', ...row };
  return beat.isOver === true ? { kind: 'noted', hasTaskTypes: true } : admitSession(pool, beat, leaseMs);
};

const taskTypesOf = ({ taskTypes }: HeartbeatRequest): string | null => (taskTypes === undefined ? null : JSON.stringify(taskTypes));

/** A session that is new, or was silent for longer than its lease: under the lock of its name, since two may come at once. */
const admitSession = async (pool: Pool, beat: HeartbeatRequest, leaseMs: number): Promise<Noted> => {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtextextended('worker ' || $1, 0))`, [beat.worker]);
    const rivals = await client.query<{ rival: string; silentMs: number }>(
      `select id as rival, (extract(epoch from now() - seen_at) * 1000)::float8 as "silentMs" from runtime.worker_session s
        where worker = $1 and id <> $2 and ${LIVES('s', '$3::int')} limit 1`,
      [beat.worker, beat.session, leaseMs],
    );
    const [rival] = rivals.rows;
    const noted: Noted =
      rival === undefined ? { kind: 'noted', hasTaskTypes: await insertSession(client, beat) } : { kind: 'refused', ...rival };
    await client.query('commit');
    client.release();
    return noted;
  } catch (error) {
    // A transaction that may still be open goes with its connection.
    client.release(true);
    throw error;
  }
};

const insertSession = async (client: Pick<Pool, 'query'>, beat: HeartbeatRequest): Promise<boolean> => {
  const { rows } = await client.query<{ hasTaskTypes: boolean }>(
    `insert into runtime.worker_session as s (id, worker, version, queues, slots, busy, draining, task_types, started_at, seen_at)
      values ($1, $2, $3, $4, $5, $6, $7, coalesce($8::jsonb, '[]'), to_timestamp($9::float8 / 1000), now())
      on conflict (id) do update set seen_at = now(), ended_at = null, queues = excluded.queues, slots = excluded.slots,
        busy = excluded.busy, draining = excluded.draining, task_types = coalesce($8::jsonb, s.task_types)
      returning jsonb_array_length(s.task_types) > 0 as "hasTaskTypes"`,
    [beat.session, beat.worker, beat.version, beat.queues, beat.slots, beat.busy, beat.draining, taskTypesOf(beat), beat.startedAt],
  );
  return rows[0]?.hasTaskTypes === true;
};

/** Ends the sessions that a worker says to have followed. Returns how many were not over yet. */
export const endSessions = async (pool: Pool, worker: string, sessions: readonly string[]): Promise<number> => {
  const { rowCount } = await pool.query({
    name: 'end-sessions',
    text: `update runtime.worker_session set ended_at = now() where id = any($1::uuid[]) and worker = $2 and ended_at is null`,
    values: [sessions, worker],
  });
  return rowCount ?? 0;
};

/** Forgets sessions that ended long ago. */
export const forgetSessions = async (pool: Pool): Promise<void> => {
  await pool.query({ name: 'forget-sessions', text: `delete from runtime.worker_session where seen_at < now() - interval '7 days'` });
};
