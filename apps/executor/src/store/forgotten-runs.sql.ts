import { inTransaction } from '@orderlines/persistence/postgres';
import type { Pool } from 'pg';

/** Runs that are forgotten in one transaction: their rows are locked meanwhile. */
const AT_ONCE = 100;

/** What belongs to a run, the row of the run last: who finds that finds the rest, too. */
const TABLES = [
  ['log_chunk', 'process_instance_id'],
  ['large_value', 'process_instance_id'],
  ['history', 'process_instance_id'],
  ['task_attempt', 'process_instance_id'],
  ['task_instance', 'process_instance_id'],
  ['timer', 'process_instance_id'],
  ['signal', 'process_instance_id'],
  ['signal_wait', 'process_instance_id'],
  ['parked_event', 'process_instance_id'],
  ['operation', 'process_instance_id'],
  ['alarm_acknowledgement', 'process_instance_id'],
  ['process_instance', 'id'],
] as const;

/** Runs that ended more than so many milliseconds ago, the oldest first; not those of which a run above still goes on, nor those in use. */
const ENDED = `select p.id from runtime.process_instance p
  where p.finished_at < now() - $1::float8 * interval '1 millisecond' and p.phase = 'done'
    and not exists (select from jsonb_array_elements_text(p.ancestors) above (id)
      join runtime.process_instance a on a.id = above.id::uuid where a.phase <> 'done')
  order by p.finished_at limit ${AT_ONCE} for update of p skip locked`;

/** Deletes some runs that ended that long ago, with everything of theirs; gives how many. */
export const forgetRuns = (pool: Pool, keptMs: number): Promise<number> =>
  inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string }>(ENDED, [keptMs]);
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return 0;
    for (const [table, column] of TABLES) await client.query(`delete from runtime.${table} where ${column} = any($1)`, [ids]);
    return ids.length;
  });

/** Deletes the log lines of some runs that ended that long ago; gives how many runs had any. */
export const forgetLogs = async (pool: Pool, keptMs: number): Promise<number> => {
  const { rowCount } = await pool.query(
    `with ended as (
      select p.id from runtime.process_instance p
        where p.finished_at < now() - $1::float8 * interval '1 millisecond' and p.phase = 'done'
          and exists (select from runtime.log_chunk l where l.process_instance_id = p.id)
        order by p.finished_at limit ${AT_ONCE}
    ), gone as (delete from runtime.log_chunk l using ended where l.process_instance_id = ended.id)
    select id from ended`,
    [keptMs],
  );
  return rowCount ?? 0;
};
