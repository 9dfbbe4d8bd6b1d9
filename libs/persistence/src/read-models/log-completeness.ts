import type { Pool } from 'pg';

/** An attempt whose lines are not all stored. */
export interface IncompleteLog {
  readonly taskInstanceId: string;
  readonly nodeId: string;
  readonly attempt: number;
  /** Chunks the worker sent. */
  readonly sent: number;
  /** Chunks that are stored. */
  readonly stored: number;
}

/**
 * Ended attempts of a run that sent more chunks than are stored. The rest may be on its way; a while after the end of the run it is a
 * gap. Attempts whose worker was lost never told how many they sent.
 */
export const readIncompleteLogs = async (pool: Pool, instanceId: string): Promise<IncompleteLog[]> => {
  const { rows } = await pool.query<IncompleteLog>(
    `select ended.id as "taskInstanceId", ended.node_id as "nodeId", ended.attempt, ended.log_chunks as sent, counted.stored
       from (select t.id, t.node_id, t.attempt, t.log_chunks from runtime.task_instance t where t.process_instance_id = $1
             union all
             select t.id, t.node_id, a.attempt, a.log_chunks
               from runtime.task_attempt a join runtime.task_instance t on t.process_instance_id = $1 and t.id = a.task_instance_id
              where a.process_instance_id = $1) ended
       cross join lateral (select count(*)::int as stored from runtime.log_chunk c
         where c.process_instance_id = $1 and c.task_instance_id = ended.id and c.attempt = ended.attempt) counted
      where ended.log_chunks > counted.stored order by ended.id, ended.attempt`,
    [instanceId],
  );
  return rows;
};
