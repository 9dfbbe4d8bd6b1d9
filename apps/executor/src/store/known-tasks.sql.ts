import type { Pool } from 'pg';

/** True when the run has this execution. Read before an operation on it: rows of a run never vanish while it is there. */
export const isTaskOf = async (pool: Pool, instanceId: string, taskInstanceId: string): Promise<boolean> => {
  const { rowCount } = await pool.query({
    name: 'known-task',
    text: 'select from runtime.task_instance where process_instance_id = $1 and id = $2',
    values: [instanceId, taskInstanceId],
  });
  return rowCount === 1;
};
