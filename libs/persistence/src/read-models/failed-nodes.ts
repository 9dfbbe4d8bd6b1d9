import type { Pool } from 'pg';
import { HAS_RAISED } from './raised-tasks.js';

/** An execution that a person can decide about: its node failed and is held, or failed the run. */
export interface FailedNode {
  readonly instanceId: string;
  readonly id: string;
  readonly path: string;
  readonly attempt: number;
}

/** Failed executions of these runs that wait for a person, or from which the run can be opened again. */
export const listFailedNodes = async (pool: Pool, instanceIds: readonly string[]): Promise<FailedNode[]> => {
  const { rows } = await pool.query<FailedNode>(
    `select t.process_instance_id as "instanceId", t.id, t.path, t.attempt
       from runtime.process_instance i
       join runtime.task_instance t on t.process_instance_id = i.id and t.status = 'FAILURE'
         and (t.waits_for ->> 'kind' = 'operator' or ${HAS_RAISED})
      where i.id = any ($1::uuid[]) order by t.process_instance_id, t.id`,
    [instanceIds],
  );
  return rows;
};
