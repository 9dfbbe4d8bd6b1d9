import type { InstanceEvent, Json } from '@orderlines/contracts';
import type { Pool } from 'pg';

/** What became known about a run after `afterSeq`, oldest first, at most `limit` transitions. */
export const readHistory = async (pool: Pool, instanceId: string, afterSeq: number, limit: number): Promise<InstanceEvent[]> => {
  const { rows } = await pool.query<{ seq: number; at: Date; facts: Json[] }>(
    'select seq, at, facts from runtime.history where process_instance_id = $1 and seq > $2 order by seq limit $3',
    [instanceId, afterSeq, limit],
  );
  return rows.map(({ seq, at, facts }) => ({ seq, at: at.toISOString(), facts }));
};
