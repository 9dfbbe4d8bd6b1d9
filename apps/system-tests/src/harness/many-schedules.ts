import type pg from 'pg';

/** Schedules of one process, made at once behind the gateway's back: what is measured and tested is how they fire. */
export interface ManySchedules {
  readonly processId: string;
  readonly count: number;
  /** Epoch milliseconds of the first slot of all. */
  readonly from: number;
  /** Milliseconds between two slots of one. */
  readonly everyMs: number;
  /** Milliseconds over which the first slots of all of them are spread. */
  readonly spreadMs: number;
  /** Epoch milliseconds behind the last slot; absent: there is no end. */
  readonly until?: number;
}

/** Makes them; the plan of each says the same as its next slot. */
export const makeSchedules = async (
  database: pg.Client,
  { processId, count, from, everyMs, spreadMs, until }: ManySchedules,
): Promise<void> => {
  await database.query(
    `insert into schedule.schedule (id, namespace, name, process_id, plan, params, overlap, overlap_limit, missed, catch_up, callbacks,
        pause_on_failure, state, state_by, state_at, next_slot_at, next_due_at, created_by, updated_by)
      select gen_random_uuid(), 'default', 'many-' || gen_random_uuid(), $1, jsonb_strip_nulls(jsonb_build_object('zone', 'UTC', 'dst', 'once',
          'calendars', '[]'::jsonb, 'jitter', '0s', 'end', $5::text,
          'trigger', jsonb_build_object('type', 'interval', 'every', $4::text, 'from', to_char(n.first at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))),
        '{}', 'allow_all', 1, 'all', '1d', '[]', false, 'active', 't', now(), n.first, n.first, 't', 't'
      from (select to_timestamp(($2::float8 + floor(i * $6::float8 / $3 / 1000) * 1000) / 1000) as first
        from generate_series(0, $3::int - 1) i) n`,
    [processId, from, count, `${everyMs / 1_000}s`, until === undefined ? null : new Date(until).toISOString(), spreadMs],
  );
};
